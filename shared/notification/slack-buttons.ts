import type { Button } from '@slack/types';
import { type Incident, incidentName, isOpen } from '../incident/incident.ts';
import { isSeverity, type Severity } from '../incident/severity.ts';
import { actions } from './slack-message.ts';
import { silenceAlertsButton } from './slack-silence-buttons.ts';

export type SlackButton = 'acknowledge' | 'escalate' | 'resolve' | 'move';

/** What the presser saw: a severity that has risen since, or a generation that is over, refuses the press. */
export interface ButtonValue {
  readonly incidentId: string;
  readonly number: number;
  readonly severity: Severity;
  readonly generation: number;
  /** Of the policy file that the incident was compared with. Absent on buttons that compare nothing. */
  readonly policyHash?: string;
}

const actionPrefix = 'tocsin:';

/** The button behind an action_id, or null for one that is not ours. */
export function buttonOf(actionId: string): SlackButton | null {
  if (!actionId.startsWith(actionPrefix)) return null;
  const name = actionId.slice(actionPrefix.length);
  return name === 'acknowledge' || name === 'escalate' || name === 'resolve' || name === 'move' ? name : null;
}

export const writeButtonValue = ({ incidentId, number, severity, generation, policyHash }: ButtonValue): string =>
  [incidentId, number, severity, generation, ...(policyHash === undefined ? [] : [policyHash])].join(' ');

/** Null for a text that no button of ours carries. Signed by Slack, but an old message may hold an old form. */
export function readButtonValue(text: string): ButtonValue | null {
  const match = /^([A-Za-z0-9_-]{1,64}) (\d{1,10}) (\S{4}) (\d{1,10})(?: ([0-9a-f]{6,64}))?$/.exec(text);
  const [, incidentId, number, severity, generation, policyHash] = match ?? [];
  if (!incidentId || !severity || !isSeverity(severity)) return null;
  const seen = { incidentId, number: Number(number), severity, generation: Number(generation) };
  return policyHash === undefined ? seen : { ...seen, policyHash };
}

/** Only the buttons that make sense now; null when none does. Escalating is offered only where somebody would be paged. */
export function incidentButtons(incident: Incident) {
  if (!isOpen(incident)) return null;
  const value = writeButtonValue(seenOf(incident));
  const button = (name: SlackButton, label: string, more: Partial<Button> = {}): Button =>
    buttonFor(name, label, { value, ...more });
  const silence = silenceAlertsButton(incident);
  return actions('tocsin:incident', [
    ...(incident.status === 'triggered' ? [button('acknowledge', 'Acknowledge', { style: 'primary' })] : []),
    ...(incident.deadlines?.expiryAnnounced ? [button('acknowledge', 'Renew', { style: 'primary' })] : []),
    ...(incident.pinned.pages === 'never' ? [] : [button('escalate', 'Escalate')]),
    ...(silence === null ? [] : [silence]),
    button('resolve', 'Resolve', { style: 'danger', confirm: confirmResolve(incident) }),
  ]);
}

/** Shown with the comparison, to who asked for it: takes the policy file that they see compared, or nothing. */
export const moveButton = (incident: Incident, policyHash: string) =>
  actions('tocsin:policy', [
    buttonFor('move', "Move to today's policy", { value: writeButtonValue({ ...seenOf(incident), policyHash }) }),
  ]);

const seenOf = ({ id, number, severity, generation }: Incident): ButtonValue => ({
  incidentId: id,
  number,
  severity,
  generation,
});

const buttonFor = (name: SlackButton, label: string, more: Partial<Button>): Button => ({
  type: 'button',
  action_id: `${actionPrefix}${name}`,
  text: { type: 'plain_text', text: label },
  ...more,
});

/** Who resolves while alerts fire is told so before, because the incident then comes back by itself. */
const confirmResolve = (incident: Incident): NonNullable<Button['confirm']> => ({
  title: { type: 'plain_text', text: `Resolve ${incidentName(incident.number)}?` },
  text: {
    type: 'plain_text',
    text:
      incident.firing === 0
        ? 'No alert of this incident is firing.'
        : `${countAlerts(incident.firing)} still firing. The incident opens again if they go on firing.`,
  },
  confirm: { type: 'plain_text', text: 'Resolve' },
  deny: { type: 'plain_text', text: 'Keep open' },
  style: 'danger',
});

const countAlerts = (count: number) => (count === 1 ? '1 alert is' : `${count} alerts are`);
