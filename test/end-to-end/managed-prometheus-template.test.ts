import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readSnsBody } from '#shared/alert/sources/sns-body.ts';
import { requireProgram } from './support/programs.ts';

/** The template of docs/cloudwatch.md, rendered by Alertmanager's own amtool and read by the door. */

const folder = mkdtempSync(join(tmpdir(), 'tocsin-template-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [, workspace = ''] =
  /```yaml\n(template_files:[\s\S]*?)```/.exec(readFileSync('docs/cloudwatch.md', 'utf8')) ?? [];
const definition: { template_files: { default_template: string }; alertmanager_config: string } = parse(workspace);

function render(data: unknown): string {
  const template = join(folder, 'template.tmpl');
  const dataFile = join(folder, 'data.json');
  writeFileSync(template, definition.template_files.default_template);
  writeFileSync(dataFile, JSON.stringify(data));
  const text = '{{ template "sns.default.message" . }}';
  return execFileSync(
    requireProgram('amtool'),
    [
      'template',
      'render',
      '--template.type=text',
      `--template.glob=${template}`,
      `--template.text=${text}`,
      `--template.data=${dataFile}`,
    ],
    { encoding: 'utf8' },
  );
}

const arrival = {
  source: 'aws',
  id: 'message',
  receivedAt: '2026-11-21T01:00:13.000Z',
  sentAt: '2026-11-21T01:00:11.681Z',
  topicArn: 'arn:aws:sns:eu-west-1:123456789012:alarms',
};

describe('the template for Amazon Managed Prometheus', () => {
  it('writes JSON that the door reads, whatever the texts are', () => {
    const annotations = { summary: 'says "no" \\ and\nfails\tü 漢 😀 {{ x }} <b>&', 'odd "name"': '\u202e' };
    const labels = { alertname: 'HighErrorRate', path: 'C:\\shop\\"a"', empty: '' };
    const reading = readSnsBody(
      render({
        receiver: 'a.b',
        status: 'firing',
        alerts: [
          {
            status: 'firing',
            labels,
            annotations,
            startsAt: '2026-11-21T02:00:00.5+01:00',
            endsAt: '0001-01-01T00:00:00Z',
            generatorURL: 'https://p.example/graph?a=1&b=2',
          },
          {
            status: 'resolved',
            labels: { alertname: 'x' },
            annotations: {},
            startsAt: '2026-11-21T00:10:00Z',
            endsAt: '2026-11-21T00:59:00Z',
            generatorURL: '',
          },
        ],
        groupLabels: { alertname: 'HighErrorRate' },
        commonLabels: {},
        commonAnnotations: {},
        externalURL: 'https://aps.example/',
      }),
      arrival,
    );
    expect(reading).toMatchObject({
      ok: true,
      quarantined: [],
      message: {
        receiver: 'a.b',
        groupLabels: { alertname: 'HighErrorRate' },
        alerts: [
          {
            status: 'firing',
            labels: { alertname: 'HighErrorRate', path: 'C:\\shop\\"a"' },
            // The direction control is taken out, as from any text.
            annotations: { summary: annotations.summary },
            startsAt: '2026-11-21T01:00:00.500Z',
            endsAt: null,
            generatorURL: 'https://p.example/graph?a=1&b=2',
          },
          { status: 'resolved', endsAt: '2026-11-21T00:59:00.000Z' },
        ],
      },
    });
  });

  it('writes what the recorded fixture holds', () => {
    const recorded = readFileSync('test/fixtures/cloudwatch/managed-prometheus.json', 'utf8');
    const { receiver, externalURL, groupLabels, alerts } = JSON.parse(recorded);
    const data = {
      receiver,
      status: 'firing',
      externalURL,
      groupLabels,
      alerts,
      commonLabels: {},
      commonAnnotations: {},
    };
    expect(render(data)).toBe(recorded);
  });

  it('stands in a definition whose Alertmanager configuration can be read', () => {
    expect(parse(definition.alertmanager_config)).toMatchObject({
      templates: ['default_template'],
      receivers: [{ sns_configs: [{ send_resolved: true }] }],
    });
  });
});
