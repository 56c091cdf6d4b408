import { toEpochMillis } from '#shared/kernel/instant.ts';
import type { AlertmanagerModel } from './alertmanager-model.ts';
import type { Report } from './check-ledger.ts';
import { complementOf, holdingOf, type Interval, intersectionOf, longerThan } from './intervals.ts';
import type { Fact } from './ledger.ts';
import type { Period, TrueAlert } from './webhook-body.ts';

type AlertFact = Extract<Fact, { kind: 'alert' }>;

const minute = 60_000;
/** A flush, its tries, the queue with what blocks it: nothing takes longer until the product knows what Alertmanager told. */
const learnsWithin = 7 * minute;
/** An alert that vanished ends with the second message that misses it; so far apart they must be (DESIGN section 3). */
const absenceConfirmedAfter = minute;
/** Then the second peer's copies of what was sent before have come too: they still name it, and the count begins anew. */
const copiesEndWithin = minute;
/** DESIGN section 3: a firing copy from the other peer is late only within so long of the stored resolve. */
const lateCopyWithin = minute;

/** What is stored of each alert follows the truth of Alertmanager, not much later. */
export function checkAlerts(
  facts: readonly Fact[],
  alertmanager: AlertmanagerModel,
  span: Interval,
  report: Report,
): void {
  const histories = Map.groupBy(
    facts.filter((fact) => fact.kind === 'alert'),
    ({ after }) => after.fingerprint,
  );
  for (const alert of alertmanager.alerts) {
    const history = histories.get(alert.fingerprint) ?? [];
    const stored = holdingOf(
      history.map(({ at, after }) => ({ at, holds: after.status === 'firing' })),
      span.until,
    );
    checkFollows(alert, stored, span, report);
    for (const period of alert.periods)
      if (period.vanished) checkVanished(alert, period, stored, alertmanager, span, report);
    checkRefires(alert, history, report);
    checkQuiet(alert, history, report);
  }
}

function checkFollows(alert: TrueAlert, stored: readonly Interval[], span: Interval, report: Report): void {
  const fires = alert.periods.map(({ from, until }) => ({ from, until: until ?? span.until }));
  const unseen = intersectionOf(fires, complementOf(stored, span.from, span.until));
  for (const { from, until } of longerThan(unseen, learnsWithin))
    report(`${alert.fingerprint} fires from ${from} to ${until} and is not stored as firing`);
  const ended = alert.periods.flatMap(({ until, vanished }, i) =>
    until === null || vanished ? [] : [{ from: until, until: alert.periods[i + 1]?.from ?? span.until }],
  );
  for (const { from, until } of longerThan(intersectionOf(stored, ended), learnsWithin))
    report(`${alert.fingerprint} is resolved from ${from} to ${until} and stored as firing`);
}

/** Nobody says that it ended: the second complete message without it does. Its group going quiet is seen at the end. */
function checkVanished(
  { fingerprint, group, periods }: TrueAlert,
  period: Period,
  stored: readonly Interval[],
  { taken }: AlertmanagerModel,
  span: Interval,
  report: Report,
): void {
  const vanishedAt = period.until ?? span.until;
  const returnsAt = periods[periods.indexOf(period) + 1]?.from ?? span.until;
  const without = taken.filter(
    (post) => post.group === group && post.sentAt > vanishedAt + copiesEndWithin && !post.fingerprints.has(fingerprint),
  );
  const second = without.find(
    (post) => without[0] !== undefined && post.sentAt >= without[0].takenAt + absenceConfirmedAfter,
  );
  const from = second === undefined ? span.until - minute : second.takenAt;
  const rest = intersectionOf(stored, [{ from, until: returnsAt }]);
  for (const each of longerThan(rest, second === undefined ? 0 : learnsWithin))
    report(`${fingerprint} vanished at ${vanishedAt} and is stored as firing from ${each.from} to ${each.until}`);
}

/** What the second peer repeats of what has ended fires nothing again. */
function checkRefires({ fingerprint }: TrueAlert, history: readonly AlertFact[], report: Report): void {
  const starts = new Set<string>();
  for (const { before, after } of history) {
    if (after.status !== 'firing' || before?.status === 'firing') continue;
    const { startsAt, changedAt, externalURL } = after;
    const isOld = starts.has(startsAt);
    starts.add(startsAt);
    if (!isOld || before?.endReason !== 'resolved' || before.externalURL === externalURL) continue;
    if (toEpochMillis(changedAt) < toEpochMillis(before.changedAt) + lateCopyWithin)
      report(`${fingerprint} fires again at ${changedAt} by a late copy of what began at ${startsAt}`);
  }
}

/** Only what Alertmanager does not send any more has gone quiet; the message that shows it may wait in the queue for a while. */
function checkQuiet({ fingerprint, periods }: TrueAlert, history: readonly AlertFact[], report: Report): void {
  for (const { at, before, after } of history) {
    if (before?.status !== 'firing' || after.endReason !== 'source went quiet') continue;
    if (periods.some(({ from, until }) => from < at - learnsWithin && (until === null || until > at)))
      report(`${fingerprint} went quiet at ${at} and fires`);
  }
}
