import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fingerprintOf } from '#shared/alert/fingerprint.ts';
import { readSnsBody } from '#shared/alert/sources/sns-body.ts';

const arrival = {
  source: 'aws',
  id: 'message-1',
  receivedAt: '2026-11-21T01:00:13.000Z',
  sentAt: '2026-11-21T01:00:11.681Z',
  topicArn: 'arn:aws:sns:eu-west-1:123456789012:alarms',
};
const recorded = (name: string) => readFileSync(`test/fixtures/cloudwatch/${name}.json`, 'utf8');
const changed = (name: string, override: Readonly<Record<string, unknown>>) =>
  JSON.stringify({ ...JSON.parse(recorded(name)), ...override });

function read(text: string) {
  const reading = readSnsBody(text, arrival);
  if (reading.ok !== true) throw new Error(JSON.stringify(reading));
  return reading;
}
const alertOf = (text: string) => read(text).message.alerts[0];

describe('a CloudWatch alarm', () => {
  it('that rings is one alert, in a group of its own that never repeats itself', () => {
    expect(read(recorded('metric-alarm'))).toEqual({
      ok: true,
      quarantined: [],
      message: {
        id: 'message-1',
        source: 'aws',
        receiver: 'alarms',
        groupKey: '{}:{account="123456789012", alertname="checkout-cpu", region="eu-west-1"}',
        groupLabels: { alertname: 'checkout-cpu', account: '123456789012', region: 'eu-west-1' },
        externalURL: '',
        truncatedAlerts: 0,
        receivedAt: arrival.receivedAt,
        saidAt: arrival.sentAt,
        repeats: false,
        notificationReason: null,
        alerts: [
          {
            fingerprint: fingerprintOf({ alertname: 'checkout-cpu', account: '123456789012', region: 'eu-west-1' }),
            status: 'firing',
            labels: {
              alertname: 'checkout-cpu',
              account: '123456789012',
              region: 'eu-west-1',
              alarm_type: 'metric',
              namespace: 'AWS/RDS',
              metric: 'CPUUtilization',
              dimension_DBInstanceIdentifier: 'checkout-1',
            },
            annotations: {
              summary: 'The database of checkout is busy',
              description: expect.stringMatching(/^Threshold Crossed: 1 out of/),
              value: '94.10166666666666',
            },
            generatorURL:
              'https://eu-west-1.console.aws.amazon.com/cloudwatch/deeplink.js?region=eu-west-1#alarmsV2:alarm/checkout-cpu',
            startsAt: '2026-11-21T01:00:11.589Z',
            endsAt: null,
          },
        ],
      },
    });
  });

  it('that is OK ends what rang', () => {
    expect(alertOf(recorded('metric-ok'))).toMatchObject({
      fingerprint: alertOf(recorded('metric-alarm'))?.fingerprint,
      status: 'resolved',
      endsAt: '2026-11-21T01:10:29.897Z',
      annotations: { value: '3.6266666666666665' },
    });
  });

  it('keeps its identity when its metric is edited while it rings, or else its OK would end nothing', () => {
    const edited = changed('metric-ok', { Trigger: { Namespace: 'AWS/EC2', MetricName: 'Other', Dimensions: [] } });
    expect(alertOf(edited)).toMatchObject({
      fingerprint: alertOf(recorded('metric-alarm'))?.fingerprint,
      labels: { namespace: 'AWS/EC2', metric: 'Other' },
    });
  });

  it.each([
    ['name', { AlarmName: 'other', AlarmArn: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:other' }],
    ['account', { AlarmArn: 'arn:aws:cloudwatch:eu-west-1:999999999999:alarm:checkout-cpu' }],
    ['region', { AlarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:checkout-cpu' }],
  ])('is another one with another %s', (_name, override) => {
    expect(alertOf(changed('metric-alarm', override))?.fingerprint).not.toBe(
      alertOf(recorded('metric-alarm'))?.fingerprint,
    );
  });

  it('on other alarms names them and its rule', () => {
    expect(alertOf(recorded('composite-alarm'))).toMatchObject({
      labels: { alertname: 'checkout-unhealthy', alarm_type: 'composite' },
      annotations: {
        summary: 'CloudWatch alarm checkout-unhealthy',
        alarm_rule: expect.stringMatching(/^ALARM\(arn/),
        triggering_alarms: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:checkout-cpu',
      },
    });
  });

  it('on an expression over one metric names that metric', () => {
    expect(alertOf(recorded('expression-alarm'))?.labels).toMatchObject({
      namespace: 'AWS/Lambda',
      metric: 'Errors',
      dimension_FunctionName: 'checkout',
    });
  });

  it('without data neither rings nor ends', () => {
    expect(readSnsBody(changed('metric-alarm', { NewStateValue: 'INSUFFICIENT_DATA' }), arrival)).toEqual({
      ok: 'no news',
      why: 'the alarm has no data, which changes nothing',
    });
  });

  it('without an ARN or a readable time is taken all the same', () => {
    const bare = { AlarmName: 'bare', NewStateValue: 'ALARM', AWSAccountId: '1', Region: 'EU (Ireland)' };
    expect(alertOf(JSON.stringify({ ...bare, StateChangeTime: 'yesterday' }))).toMatchObject({
      labels: { alertname: 'bare', account: '1', region: 'EU (Ireland)', alarm_type: 'metric' },
      startsAt: arrival.sentAt,
      generatorURL: '',
    });
  });

  it.each([
    ['arn:aws-cn:cloudwatch:cn-north-1:1:alarm:a', 'https://cn-north-1.console.amazonaws.cn/'],
    ['arn:aws-us-gov:cloudwatch:us-gov-west-1:1:alarm:a', 'https://us-gov-west-1.console.amazonaws-us-gov.com/'],
    ['arn:evil:cloudwatch:eu-west-1:1:alarm:a', ''],
    ['arn:aws:cloudwatch:evil.example/:1:alarm:a', ''],
  ])('%s is linked to its own console, or to none', (AlarmArn, start) => {
    const link = alertOf(changed('metric-alarm', { AlarmArn }))?.generatorURL ?? 'none';
    expect(start === '' ? link === '' : link.startsWith(start)).toBe(true);
  });

  it('cannot pretend by a dimension to be of another account', () => {
    const Trigger = { Dimensions: [{ name: 'account', value: 'x' }, { name: '', value: 'y' }, null, { value: 'z' }] };
    expect(alertOf(changed('metric-alarm', { Trigger }))?.labels).toMatchObject({ account: '123456789012' });
  });
});

describe('a message of Amazon Managed Prometheus', () => {
  it.each(['managed-prometheus', 'managed-prometheus-aws-template'])('%s is an alert group', (name) => {
    const { message, quarantined } = read(recorded(name));
    expect(quarantined).toEqual([]);
    expect(message).toMatchObject({
      receiver: 'tocsin',
      groupKey: '{}:{alertname="HighErrorRate"}',
      saidAt: arrival.sentAt,
      alerts: [
        { status: 'firing', startsAt: '2026-11-21T01:00:00.500Z', endsAt: null, labels: { service: 'checkout' } },
        { status: 'resolved', endsAt: '2026-11-21T00:59:00.000Z', labels: { service: 'search' } },
      ],
    });
    expect(message).not.toHaveProperty('repeats');
    for (const alert of message.alerts) expect(alert.fingerprint).toBe(fingerprintOf(alert.labels));
  });

  it('proves nothing by what it leaves out, because its template does not know the group key', () => {
    expect(read(recorded('managed-prometheus')).message.truncatedAlerts).toBe(1);
    expect(read(changed('managed-prometheus', { truncatedAlerts: 7 })).message.truncatedAlerts).toBe(7);
  });

  it('keeps every text as it was written', () => {
    expect(alertOf(recorded('managed-prometheus'))?.annotations).toEqual({
      summary: 'Checkout says "no" \\ and\nfails ü 漢',
    });
  });
});

describe('anything else', () => {
  it.each([
    [
      'the default text of Managed Prometheus',
      'Alerts Firing:\nLabels:\n - alertname = x\n',
      'the message is not JSON',
    ],
    ['a message that was cut', recorded('managed-prometheus').slice(0, -9), 'the message is not JSON'],
    ['no object', '[1]', 'the message is not JSON'],
    ['JSON of somebody else', '{"Records":[]}', 'the message is neither a CloudWatch alarm nor'],
    ['an alarm of no name', '{"AlarmName":"","NewStateValue":"ALARM"}', 'the alarm has no AlarmName'],
    ['an alarm of another state', '{"AlarmName":"a","NewStateValue":"RED"}', 'its NewStateValue is none of'],
  ])('%s is refused with its reason', (_name, text, problem) => {
    const reading = readSnsBody(text, arrival);
    expect(reading).toMatchObject({ ok: false });
    expect(reading.ok === false && reading.problem.startsWith(problem)).toBe(true);
  });
});
