import type { Fault, Faults } from './faults.ts';
import { makeSlackPerson, type SlackPerson } from './slack-person.ts';
import type { SlackStandIn } from './slack-stand-in.ts';
import type { SnsDelivery, SnsStandIn } from './sns-stand-in.ts';
import { sendTestAlert, type TestAlert } from './test-alert.ts';

type Input = Readonly<Record<string, unknown>>;
/** What the page's buttons do, by name. Each answers `{ok, text}` for the page to show. */
export type SandboxActions = Readonly<Record<string, (input: Input) => Promise<ActionResult>>>;

export interface ActionResult {
  readonly ok: boolean;
  readonly text: string;
}

export interface SandboxActionOptions {
  /** Base URL of the product. */
  readonly product: string;
  readonly sourceToken: string;
  readonly signingSecret: string;
  readonly slack: SlackStandIn | null;
  readonly sns: SnsStandIn;
  /** The first topic of the policy file; null: no source lists one. */
  readonly snsTopic: string | null;
  /** Null: the vendor is real, its outages are not ours to make. */
  readonly faults: Readonly<Record<string, Faults | null>>;
  /** Test alerts that fire, changed in place. */
  readonly firing: TestAlert[];
  readonly changed: () => void;
}

/** A vendor that is down answers 500 to everything. */
const down: Fault = { kind: 'status', status: 500 };

export function makeSandboxActions(options: SandboxActionOptions): SandboxActions {
  return {
    command: (input) => asPerson(options, input, (person) => person.command(text(input.text), text(input.channel))),
    press: (input) =>
      asPerson(options, input, (person) =>
        person.press({
          channel: text(input.channel),
          messageTs: text(input.ts),
          action: (input.action ?? {}) as Readonly<Record<string, unknown>>,
        }),
      ),
    'submit-view': (input) =>
      asPerson(options, input, (person) =>
        person.submitView((input.values ?? {}) as Readonly<Record<string, unknown>>),
      ),
    'close-view': async () => {
      options.slack?.hooks.closeView();
      options.changed();
      return { ok: true, text: '' };
    },
    alert: (input) => sendAlert(options, input),
    resolve: (input) => resolveAlert(options, input),
    'sns-publish': (input) =>
      fromTopic(options, input, (door, topic) => options.sns.publish(door, topic, messageOf(input.message))),
    'sns-subscribe': (input) => fromTopic(options, input, options.sns.subscribe),
    outage: async (input) => {
      const faults = options.faults[text(input.vendor)];
      if (!faults) return { ok: false, text: 'This vendor is not a stand-in.' };
      faults.always(input.on === true ? down : null);
      options.changed();
      return { ok: true, text: '' };
    },
  };
}

async function asPerson(
  { slack, product, signingSecret, changed }: SandboxActionOptions,
  input: Input,
  act: (person: SlackPerson) => Promise<{ readonly status: number }>,
): Promise<ActionResult> {
  if (slack === null) return { ok: false, text: 'Slack is real here: use it instead.' };
  const id = text(input.user);
  if (!slack.workspace.hasUser(id)) return { ok: false, text: 'There is no such person in this Slack.' };
  const user = { id, name: slack.workspace.userName(id) };
  const { status } = await act(makeSlackPerson({ product, signingSecret, slack, user }));
  changed();
  return { ok: status < 400, text: '' };
}

async function sendAlert({ product, sourceToken, firing, changed }: SandboxActionOptions, input: Input) {
  const alertname = text(input.alertname) || 'HighErrorRate';
  const service = text(input.service) || 'checkout';
  const wanted: TestAlert = {
    alertname,
    service,
    severity: text(input.severity) || 'critical',
    instance: 'web-1:9090',
    summary: text(input.summary) || `${alertname} on ${service}`,
    startsAt: new Date().toISOString(),
  };
  // A repeat of a firing alert keeps its start, as Prometheus does.
  const alert = firing.find((one) => isSame(one, wanted)) ?? wanted;
  const sent = await sendTestAlert(product, sourceToken, alert, 'firing');
  if (sent.status >= 300) return { ok: false, text: `Tocsin answered ${sent.status}: ${sent.text}` };
  if (!firing.includes(alert)) firing.push(alert);
  changed();
  return { ok: true, text: `Sent: ${alertname} fires.` };
}

async function resolveAlert({ product, sourceToken, firing, changed }: SandboxActionOptions, input: Input) {
  const alert = firing[Number(input.index)];
  if (alert === undefined) return { ok: false, text: 'This alert does not fire any more.' };
  const sent = await sendTestAlert(product, sourceToken, alert, 'resolved');
  if (sent.status >= 300) return { ok: false, text: `Tocsin answered ${sent.status}: ${sent.text}` };
  firing.splice(firing.indexOf(alert), 1);
  changed();
  return { ok: true, text: `Sent: ${alert.alertname} is resolved.` };
}

/** As SNS would post it; without a topic of its own it is the first one that the policy file lists. */
async function fromTopic(
  { product, snsTopic }: SandboxActionOptions,
  input: Input,
  deliver: (door: string, topicArn: string) => Promise<SnsDelivery>,
): Promise<ActionResult> {
  const topic = text(input.topic) || snsTopic;
  if (topic === null) return { ok: false, text: 'No source of the policy file lists a topic under snsTopics.' };
  const { status, text: answer } = await deliver(`${product}/v1/sns`, topic);
  return { ok: status >= 200 && status < 300, text: `Tocsin answered ${status}: ${answer}` };
}

const messageOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));

const isSame = (a: TestAlert, b: TestAlert): boolean =>
  a.alertname === b.alertname && a.service === b.service && a.severity === b.severity;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
