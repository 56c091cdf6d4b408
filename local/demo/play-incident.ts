import { setTimeout as sleep } from 'node:timers/promises';
import { postSlackForm, slashCommand } from '../sandbox/slack-person.ts';
import { teamId } from '../sandbox/slack-workspace.ts';
import { sendTestAlert, type TestAlert } from '../sandbox/test-alert.ts';
import {
  type IncidentView,
  type Product,
  readIncidents,
  readSandbox,
  readTimeline,
  type TimelineEvent,
} from './product.ts';

export type { Product } from './product.ts';

/** Generous: the first alert of a cold product loads and compiles everything. */
const deadlineMillis = 20_000;

/** Something that should have happened did not: told, and the exit code. */
class DemoFailed extends Error {
  override readonly name = 'DemoFailed';
}

/** Fires, waits for Slack and PagerDuty, acknowledges, resolves. True when everything happened within its deadline. */
export async function playIncident(product: Product, print: (line: string) => void): Promise<boolean> {
  const startedAt = Date.now();
  const say: Say = (line) => print(`${((Date.now() - startedAt) / 1000).toFixed(2).padStart(6)} s  ${line}`);
  const alert: TestAlert = {
    alertname: `DemoCheckoutDown${startedAt.toString(36)}`,
    severity: 'critical',
    service: 'checkout',
    instance: 'web-1:9090',
    summary: 'Checkout answers 5xx to everybody',
    startsAt: new Date(startedAt).toISOString(),
  };
  try {
    await playAct(product, alert, say);
    return true;
  } catch (error) {
    if (!(error instanceof DemoFailed)) throw error;
    say(`FAILED: ${error.message}`);
    return false;
  }
}

type Say = (line: string) => void;

async function playAct(product: Product, alert: TestAlert, say: Say): Promise<void> {
  say(`Alertmanager says: ${alert.alertname} fires`);
  await post(product, alert, 'firing');
  const incident = await until('an incident', () => findIncident(product, alert.alertname));
  const happened = followTimeline(product, incident.number, say);
  const toPagerDuty = (sentence: string) => sentence.includes('PagerDuty');
  await until('a page handed over to PagerDuty', () => happened('PageHandedOver', toPagerDuty));
  await until('a page handed over to a person', () => happened('PageHandedOver', (sentence) => !toPagerDuty(sentence)));
  await until('the message in Slack and the call of PagerDuty', () => findTraces(product, incident, say));
  say(`Somebody types: ${slashCommand} ack ${incident.number}`);
  await acknowledge(product, incident.number, say);
  await until('the acknowledgement', () => happened('IncidentAcknowledged'));
  say(`Alertmanager says: ${alert.alertname} is resolved`);
  await post(product, alert, 'resolved');
  await until('the resolve', () => happened('IncidentResolved'));
  say(`Done: ${incident.name} was opened, paged, acknowledged and resolved.`);
}

async function until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  const deadline = Date.now() + deadlineMillis;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== null) return found;
    await sleep(20);
  }
  throw new DemoFailed(`not within ${deadlineMillis / 1000} s: ${what}`);
}

/** Tells each event of the timeline once; answers how to ask whether one has happened. */
function followTimeline(product: Product, number: number, say: Say) {
  let told = 0;
  return async (type: string, matching = (_sentence: string) => true): Promise<TimelineEvent | null> => {
    const events = await readTimeline(product, number);
    for (const event of events.slice(told)) say(`    ${event.sentence}`);
    told = events.length;
    return events.find((event) => event.type === type && matching(event.sentence)) ?? null;
  };
}

async function post({ url, sourceToken }: Product, alert: TestAlert, status: 'firing' | 'resolved'): Promise<void> {
  const answer = await sendTestAlert(url, sourceToken, alert, status);
  if (answer.status >= 300) throw new DemoFailed(`the webhook was answered ${answer.status}: ${answer.text}`);
}

async function findIncident(product: Product, alertname: string): Promise<IncidentView | null> {
  const incidents = await readIncidents(product);
  return incidents.find((one) => one.sample.some((alert) => alert.labels.alertname === alertname)) ?? null;
}

/** What the vendors' stand-ins show. Without a sandbox (real vendors) the timeline alone is the proof. */
async function findTraces(product: Product, incident: IncidentView, say: Say): Promise<true | null> {
  const sandbox = await readSandbox(product);
  if (sandbox === null) return true;
  const message = (sandbox.slack?.channels ?? []).find((channel) =>
    channel.messages.some((one) => one.text.includes(incident.name)),
  );
  const call = (sandbox.pagerduty?.notifications ?? []).find((one) => one.dedupKey.startsWith(incident.id));
  if (sandbox.slack !== null && message === undefined) return null;
  if (sandbox.pagerduty !== null && call === undefined) return null;
  if (message) say(`    Slack shows ${incident.name} in ${message.direct ? '@' : '#'}${message.name}`);
  if (call) say(`    PagerDuty notifies: ${call.summary}`);
  return true;
}

/** As Slack would send it: signed, from somebody of the workspace. */
async function acknowledge(product: Product, number: number, say: Say): Promise<void> {
  const sandbox = await readSandbox(product);
  const user = sandbox?.slack?.users[0] ?? { id: 'U0DEMO', name: 'demo' };
  const form = {
    command: slashCommand,
    text: `ack ${number}`,
    team_id: teamId,
    user_id: user.id,
    user_name: user.name,
    channel_id: sandbox?.slack?.channels[0]?.id ?? 'C0DEMO',
    channel_name: 'demo',
    trigger_id: `demo.${Date.now()}`,
    response_url: 'https://hooks.slack.com/commands/demo',
  };
  const url = `${product.url}/v1/slack/commands`;
  const { status, answer } = await postSlackForm(url, form, product.slackSigningSecret, Date.now());
  if (status !== 200) throw new DemoFailed(`the command was answered ${status}: ${answer.text}`);
  if (answer.text) say(`    Slack shows to ${user.name} only: ${answer.text}`);
}
