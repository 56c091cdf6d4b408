import { equalLabels, type Labels } from '../alert/labels.ts';
import { addSeconds, type Instant } from '../kernel/instant.ts';
import { type Outcome, unchanged } from '../kernel/outcome.ts';
import { type HeartbeatRecord, type HeartbeatState, heartbeatStateAt, matchersOf } from './heartbeat.ts';
import type { HeartbeatRule } from './heartbeat-rule.ts';
import { heartbeatLabels } from './own-alert.ts';

/** Our own alert is told again after this long, far inside the time after which a source counts as quiet. */
const tellEverySeconds = 3_600;

export interface HeartbeatChange {
  readonly after: HeartbeatRecord;
  /** The policy file names an alert as a heartbeat, or no longer does: what fires is judged again. */
  readonly judgesAlerts: boolean;
}

export type HeartbeatDecision = Outcome<HeartbeatChange, 'nothing changed', never>;

/**
 * What the sweep makes of one heartbeat: of a rule that it never saw, of a record whose rule is gone, or of both. The alerts
 * of ours in `firing` and `ending` are stored before they are told, so that none of them is forgotten; `toldAt` null
 * says that they must be told.
 */
export function decideHeartbeat(
  rule: HeartbeatRule | null,
  before: HeartbeatRecord | null,
  now: Instant,
): HeartbeatDecision {
  if (rule === null) return remove(before, now);
  if (before === null || before.removedAt !== null || !isSame(rule, before)) return name(rule, before, now);
  const state = heartbeatStateAt(rule, before, now);
  const firing = labelsOf(rule, state);
  const same = equalLists(firing, before.firing);
  const untold = before.toldAt === null || (firing.length > 0 && now >= addSeconds(before.toldAt, tellEverySeconds));
  if (state === before.state && same && !untold) return unchanged('nothing changed');
  const after: HeartbeatRecord = {
    ...before,
    version: before.version + 1,
    state,
    recoveredAt: recovers(before.state, state) ? now : before.recoveredAt,
    firing,
    ending: endingOf(before, firing),
    toldAt: same && !untold ? before.toldAt : null,
  };
  return { outcome: 'accepted', after, judgesAlerts: false };
}

/** Everything in it was told. */
export const toldHeartbeat = (record: HeartbeatRecord, now: Instant): HeartbeatRecord => ({
  ...record,
  version: record.version + 1,
  ending: [],
  toldAt: now,
});

const isSame = (rule: HeartbeatRule, { source, matchers }: HeartbeatRecord): boolean =>
  rule.source === source && matchersOf(rule) === matchers;

const recovers = (before: HeartbeatState, after: HeartbeatState): boolean =>
  after === 'alive' && (before === 'late' || before === 'missing');

function name(rule: HeartbeatRule, before: HeartbeatRecord | null, now: Instant): HeartbeatDecision {
  const matchers = matchersOf(rule);
  const ending = before === null ? [] : endingOf(before, []);
  const after: HeartbeatRecord = {
    schema: 1,
    version: (before?.version ?? 0) + 1,
    name: rule.name,
    source: rule.source,
    matchers,
    namedAt: now,
    state: 'waiting',
    recoveredAt: null,
    firing: [],
    ending,
    toldAt: ending.length === 0 ? now : null,
    removedAt: null,
  };
  return { outcome: 'accepted', after, judgesAlerts: matchers !== '' || (before?.matchers ?? '') !== '' };
}

function remove(before: HeartbeatRecord | null, now: Instant): HeartbeatDecision {
  if (before === null || (before.removedAt !== null && before.toldAt !== null)) return unchanged('nothing changed');
  const ending = endingOf(before, []);
  const after: HeartbeatRecord = {
    ...before,
    version: before.version + 1,
    firing: [],
    ending,
    toldAt: ending.length === 0 ? now : null,
    removedAt: before.removedAt ?? now,
  };
  return { outcome: 'accepted', after, judgesAlerts: before.removedAt === null && before.matchers !== '' };
}

function labelsOf(rule: HeartbeatRule, state: HeartbeatState): readonly Labels[] {
  if (state === 'missing') return [heartbeatLabels(rule, state, rule.missingSeverity)];
  return state === 'late' && rule.lateSeverity !== null ? [heartbeatLabels(rule, state, rule.lateSeverity)] : [];
}

/** What fired and does not any more, and what ended before and was not told yet. */
const endingOf = ({ firing, ending }: HeartbeatRecord, present: readonly Labels[]): readonly Labels[] =>
  [...ending, ...firing].filter((labels) => !present.some((other) => equalLabels(other, labels)));

const equalLists = (a: readonly Labels[], b: readonly Labels[]): boolean =>
  a.length === b.length && a.every((labels, index) => equalLabels(labels, b[index] ?? {}));
