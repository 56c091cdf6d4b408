import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { functionNames } from '#infra/bundle.ts';
import { at, listAt, type Synthesized, synthesize, textAt } from './support/synthesize.ts';

let prod: Synthesized;
let dev: Synthesized;
beforeAll(async () => {
  prod = await synthesize('prod');
  dev = await synthesize('dev');
});

const alarms = ({ service, stage }: Synthesized) =>
  service.all('AWS::CloudWatch::Alarm').map(([, { Properties }]) => ({
    id: textAt(Properties, 'AlarmName').replace(`tocsin-${stage.environment}-`, ''),
    properties: Properties,
  }));
const anchorOf = (title: string): string => title.toLowerCase().replaceAll(' ', '-');

interface Section {
  readonly anchor: string;
  readonly text: string;
  /** Names in the first column of its table. */
  readonly ids: readonly string[];
}
/** The sections below "Alarms". */
const sections = (): readonly Section[] => {
  const [, below = ''] = readFileSync('infra/RUNBOOK.md', 'utf8').split('\n## Alarms\n');
  return below
    .split('\n### ')
    .slice(1)
    .map((section) => {
      const [title = '', ...lines] = section.split('\n');
      const ids = lines.flatMap((line) => /^\| `([^`]+)` \|/.exec(line)?.[1] ?? []);
      return { anchor: anchorOf(title), text: lines.join('\n'), ids };
    });
};
/** `contact-undelivered-<topic>` stands for one alarm of each topic. */
const stands = (id: string, alarm: string): boolean => new RegExp(`^${id.replace(/<\w+>/, '[\\w-]+')}$`).test(alarm);

describe('every alarm', () => {
  it('links to the section of the runbook that names it', () => {
    for (const { id, properties } of [...alarms(prod), ...alarms(dev)]) {
      const link = /What to do: infra\/RUNBOOK\.md#([\w-]+)$/.exec(textAt(properties, 'AlarmDescription'))?.[1];
      const section = sections().find(({ anchor }) => anchor === link);
      expect([id, section?.ids.some((each) => stands(each, id))]).toEqual([id, true]);
    }
  });

  it('in the runbook is one that rings somewhere', () => {
    const deployed = alarms(prod);
    const unknown = sections().flatMap(({ anchor, ids }) =>
      ids.filter((each) => !deployed.some(({ id }) => stands(each, id))).map((each) => `${anchor}: ${each}`),
    );
    expect(unknown).toEqual([]);
    expect(
      sections()
        .filter(({ ids }) => ids.length === 0)
        .map(({ anchor }) => anchor),
    ).toEqual([]);
  });

  it('is explained: meaning, what to look at, how to fix it', () => {
    const incomplete = sections().filter(
      ({ text }) => !/- \*\*Meaning\.\*\*[\s\S]*- \*\*Look at\.\*\*[\s\S]*- \*\*Fix\.\*\*/.test(text),
    );
    expect(incomplete.map(({ anchor }) => anchor)).toEqual([]);
  });

  it('tells the subscriber that the environment names, when it rings and when it is over', () => {
    for (const environment of [prod, dev]) {
      const { alarmEmail } = environment.stage;
      const topic = environment.service.idOf(
        'AWS::SNS::Topic',
        'TopicName',
        `tocsin-${environment.stage.environment}-alarms`,
      );
      for (const { id, properties } of alarms(environment)) {
        expect([id, properties.AlarmActions, properties.OKActions]).toEqual([id, [{ Ref: topic }], [{ Ref: topic }]]);
      }
      const subscribers = environment.service
        .all('AWS::SNS::Subscription')
        .filter(([, { Properties }]) => at(Properties, 'TopicArn', 'Ref') === topic)
        .map(([, { Properties }]) => [Properties.Protocol, Properties.Endpoint]);
      expect(subscribers).toEqual([['email', alarmEmail]]);
    }
  });

  it('costs what the runbook says', () => {
    const contacts = alarms(prod).filter(({ id }) => id.startsWith('contact-undelivered-')).length;
    const stated = /\| alarms \| (\d+) × \$0\.10; one more for each contact topic/.exec(
      readFileSync('infra/RUNBOOK.md', 'utf8'),
    )?.[1];
    expect(Number(stated)).toBe(alarms(prod).length - contacts);
    expect(alarms(dev)).toHaveLength(Number(stated));
  });
});

describe('the alarms', () => {
  it('ring for each function’s errors and throttles', () => {
    const ids = alarms(prod).map(({ id }) => id);
    const missing = functionNames.flatMap((name) =>
      [`errors-${name}`, `throttles-${name}`].filter((id) => !ids.includes(id)),
    );
    expect(missing).toEqual([]);
  });

  const shapeOf = (wanted: string) => {
    const found = alarms(prod).find(({ id }) => id === wanted);
    const { ComparisonOperator, Threshold, TreatMissingData, MetricName, Metrics } = found?.properties ?? {};
    return {
      ComparisonOperator,
      Threshold,
      TreatMissingData,
      metric: MetricName ?? at(listAt({ Metrics }, 'Metrics'), 0, 'Expression'),
    };
  };
  const rings = (metric: string, Threshold: number, other = {}) => ({
    metric,
    Threshold,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
    ...other,
  });
  const sumOf = (name: string) => `SELECT SUM(${name}) FROM "Tocsin" WHERE service = 'tocsin-prod'`;

  it.each([
    [
      'sweep-missing',
      { metric: 'Invocations', Threshold: 1, ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching' },
    ],
    ['stream-age', rings('IteratorAge', 60_000)],
    ['timer-failed', rings('ExecutionsFailed', 0)],
    ['escalation-late', rings('EscalationLateness', 120)],
    ['doors-5xx', rings('5XXError', 4)],
    ['doors-too-large', rings('RequestsTooLarge-prod', 0)],
    ['fallback-undelivered', rings('NumberOfNotificationsFailed', 0)],
    ['fallback-paged', rings(sumOf('FallbackPaged'), 0)],
    ['pages-late', rings(sumOf('PagesHandedOverLate'), 0)],
    ['breaker-opened', rings(sumOf('BreakerOpened'), 0)],
  ])('ring as they should: %s', (id, shape) => {
    expect(shapeOf(id)).toEqual(shape);
  });

  it('count every request that the doors refuse as too large, as the access log writes it', () => {
    const [[, filter] = []] = prod.service.all('AWS::Logs::MetricFilter');
    const [[, stage] = []] = prod.service.all('AWS::ApiGateway::Stage');
    expect(filter?.Properties.FilterPattern).toBe('{ $.status = "413" }');
    expect(JSON.parse(textAt(stage?.Properties, 'AccessLogSetting', 'Format')).status).toBe('$context.status');
  });
});

describe('the fallback', () => {
  it('is whom the policy file names', () => {
    const topic = prod.service.idOf('AWS::SNS::Topic', 'TopicName', 'tocsin-prod-fallback');
    const subscribed = prod.service
      .all('AWS::SNS::Subscription')
      .filter(([, { Properties }]) => at(Properties, 'TopicArn', 'Ref') === topic)
      .map(([, { Properties }]) => [Properties.Protocol, Properties.Endpoint]);
    const { email, sms } = prod.policy.fallback;
    expect(subscribed).toEqual([
      ['email', email],
      ['sms', sms],
    ]);
  });
});

describe('the dashboard', () => {
  it('begins with requests accepted and pages handed over in time', () => {
    const [[, dashboard] = []] = prod.service.all('AWS::CloudWatch::Dashboard');
    const body = at(dashboard?.Properties, 'DashboardBody');
    const text =
      typeof body === 'string'
        ? body
        : listAt(body, 'Fn::Join', 1)
            .map((part) => (typeof part === 'string' ? part : 'x'))
            .join('');
    const widgets: readonly unknown[] = JSON.parse(text).widgets;
    expect(widgets.slice(0, 2).map((widget) => [at(widget, 'properties', 'title'), at(widget, 'y')])).toEqual([
      ['Requests accepted', 0],
      ['Pages handed over in time', 0],
    ]);
    expect(text).toContain('service=\\"tocsin-prod\\" MetricName=\\"PagesHandedOverInTime\\"');
  });
});
