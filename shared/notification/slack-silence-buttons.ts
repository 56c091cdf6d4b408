import type { Button } from '@slack/types';
import type { Matcher, MatchOperator } from '../alert/matcher.ts';
import { type Incident, incidentName } from '../incident/incident.ts';
import { longestSilenceSeconds } from './parse-silence-ids.ts';
import { slackLimits } from './slack-limits.ts';

/** A silence that a person has seen the preview of: its id is given before, so that a second press makes no second one. */
export interface ProposedSilence {
  readonly id: string;
  readonly matchers: readonly Matcher[];
  readonly seconds: number;
  readonly comment: string;
}

/** What a button about silences asks for. */
export type SilencePress =
  | { readonly do: 'make'; readonly silence: ProposedSilence }
  | { readonly do: 'end'; readonly id: string }
  /** Each alert that fires in the incident, until it resolves. */
  | { readonly do: 'silence alerts'; readonly incidentId: string; readonly number: number };

const actionIds = {
  make: 'tocsin:silence-make',
  end: 'tocsin:silence-end',
  'silence alerts': 'tocsin:silence-alerts',
} as const satisfies Record<SilencePress['do'], string>;

export const isSilenceAction = (actionId: string): boolean => Object.values<string>(actionIds).includes(actionId);

/** Null for a value that no button of ours carries: signed by Slack, but an old message may hold an old form. */
export function readSilencePress(actionId: string, value: string): SilencePress | null {
  switch (actionId) {
    case actionIds.make: {
      const silence = readProposed(value);
      return silence === null ? null : { do: 'make', silence };
    }
    case actionIds.end:
      return idShape.test(value) ? { do: 'end', id: value } : null;
    case actionIds['silence alerts']: {
      const [, incidentId, number] = /^([A-Za-z0-9_-]{1,64}) (\d{1,10})$/.exec(value) ?? [];
      return incidentId && number ? { do: 'silence alerts', incidentId, number: Number(number) } : null;
    }
    default:
      return null;
  }
}

const idShape = /^[A-Za-z0-9_-]{1,64}$/;
const operators: readonly string[] = ['=', '!=', '=~', '!~'] satisfies MatchOperator[];
const isText = (value: unknown): value is string => typeof value === 'string';
const isMatcher = (value: unknown): value is readonly [string, MatchOperator, string] =>
  Array.isArray(value) && value.length === 3 && value.every(isText) && operators.includes(value[1] ?? '');

/** Null when Slack would not take it: a button carries 2,000 characters. */
export function proposedValue({ id, matchers, seconds, comment }: ProposedSilence): string | null {
  const value = JSON.stringify([
    id,
    seconds,
    comment,
    ...matchers.map(({ name, operator, value }) => [name, operator, value]),
  ]);
  return value.length > slackLimits.buttonValue ? null : value;
}

function readProposed(text: string): ProposedSilence | null {
  const [id, seconds, comment, ...matchers] = readList(text);
  if (!isText(id) || !idShape.test(id) || !isText(comment)) return null;
  if (typeof seconds !== 'number' || !Number.isInteger(seconds) || seconds < 1 || seconds > longestSilenceSeconds)
    return null;
  if (!matchers.every(isMatcher)) return null;
  return { id, seconds, comment, matchers: matchers.map(([name, operator, value]) => ({ name, operator, value })) };
}

function readList(text: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

const plain = (text: string) => ({ type: 'plain_text', text }) as const;

export const makeButton = (value: string, seconds: string, risky: boolean): Button => ({
  type: 'button',
  action_id: actionIds.make,
  text: plain(`Silence for ${seconds}`),
  value,
  style: risky ? 'danger' : 'primary',
});

export const endButton = (id: string): Button => ({
  type: 'button',
  action_id: actionIds.end,
  text: plain('End it now'),
  value: id,
});

/** At most so long, whatever the alert does: one that never resolves is not to be forgotten. */
export const untilResolvedSeconds = 7 * 86_400;
/** A transaction takes 100 writes, and a message of judging again 40 alerts. */
export const mostAlertsAtOnce = 40;

/** Only where few enough alerts fire to be silenced one by one. */
export function silenceAlertsButton({ id, number, firing }: Incident): Button | null {
  if (firing < 1 || firing > mostAlertsAtOnce) return null;
  const what = firing === 1 ? 'this alert' : `these ${firing} alerts`;
  return {
    type: 'button',
    action_id: actionIds['silence alerts'],
    text: plain(`Silence ${what}`),
    value: `${id} ${number}`,
    confirm: {
      title: plain(`Silence ${what} of ${incidentName(number)}?`),
      text: plain(
        `Until ${firing === 1 ? 'it resolves' : 'each resolves'}, at most 7 days. ` +
          'The incident resolves when no other alert fires in it. What fires anew is told again.',
      ),
      confirm: plain('Silence'),
      deny: plain('Do not'),
    },
  };
}
