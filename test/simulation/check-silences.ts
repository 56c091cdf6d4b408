import type { Suppression } from '#shared/alert/suppression.ts';
import { toEpochMillis } from '#shared/kernel/instant.ts';
import type { Silence } from '#shared/silence/silence.ts';
import type { Report } from './check-ledger.ts';
import { lateness } from './expected-pages.ts';
import { complementOf, holdingOf, type Interval, intersectionOf, longerThan, unionOf } from './intervals.ts';
import type { Fact } from './ledger.ts';
import type { MeantSilence } from './silences-model.ts';

type AlertFact = Extract<Fact, { kind: 'alert' }>;

/** After a silence began or ended: the judging at once, or the sweep's minute and grace, with some failures in a row. */
const judgesWithin = lateness;
/** A decision that saw a silence is written so much later at most. */
const writesWithin = 40_000;

interface StoredSilence {
  readonly meant: MeantSilence;
  /** When it was in force: each version from when it was stored until the next one. */
  readonly active: readonly Interval[];
}

/** Each suppression has a silence that a person made, that matches and was active; each such silence suppresses. */
export function checkSilences(
  facts: readonly Fact[],
  meant: ReadonlyMap<string, MeantSilence>,
  span: Interval,
  report: Report,
): void {
  const silences = readSilences(facts, meant, span.until, report);
  const histories = Map.groupBy(
    facts.filter((fact) => fact.kind === 'alert'),
    ({ after }) => after.fingerprint,
  );
  for (const history of histories.values()) {
    for (const fact of history) checkSuppression(fact, silences, report);
    checkDuration(history, silences, span, report);
  }
}

function readSilences(
  facts: readonly Fact[],
  meant: ReadonlyMap<string, MeantSilence>,
  end: number,
  report: Report,
): ReadonlyMap<string, StoredSilence> {
  const versions = Map.groupBy(
    facts.filter((fact) => fact.kind === 'silence'),
    ({ after }) => after.id,
  );
  const silences = new Map<string, StoredSilence>();
  for (const [id, history] of versions) {
    const wanted = meant.get(history[0]?.after.comment ?? '');
    if (!wanted) {
      report(`nobody made the silence ${id}`);
      continue;
    }
    const active = history.flatMap(({ at, after }, i) => {
      if (toEpochMillis(after.endsAt) > wanted.endsAt) report(`silence ${id} lasts longer than was wanted`);
      return intersectionOf([{ from: at, until: history[i + 1]?.at ?? end }], [spanOf(after)]);
    });
    silences.set(id, { meant: wanted, active: unionOf(active) });
  }
  return silences;
}

const spanOf = ({ startsAt, endsAt }: Silence): Interval => ({
  from: toEpochMillis(startsAt),
  until: toEpochMillis(endsAt),
});

const silenceOf = (suppression: Suppression | null): string | null =>
  suppression?.kind === 'silence' ? suppression.silenceId : null;

function checkSuppression(
  { at, before, after }: AlertFact,
  silences: ReadonlyMap<string, StoredSilence>,
  report: Report,
): void {
  const id = silenceOf(after.suppressedBy);
  if (id === null || silenceOf(before?.suppressedBy ?? null) === id) return;
  const silence = silences.get(id);
  if (!silence) {
    report(`${after.fingerprint} is suppressed by ${id}, a silence that nobody made`);
    return;
  }
  if (!silence.meant.covers(after.labels))
    report(`${after.fingerprint} is suppressed by ${id}, which does not match it`);
  if (intersectionOf(silence.active, [{ from: at - writesWithin, until: at + 1 }]).length === 0)
    report(`${after.fingerprint} is suppressed at ${at} by ${id}, which is not active`);
}

/** Over time: suppressed while, and only while, some active silence matches it. */
function checkDuration(
  history: readonly AlertFact[],
  silences: ReadonlyMap<string, StoredSilence>,
  span: Interval,
  report: Report,
): void {
  const [first] = history;
  if (!first) return;
  const { fingerprint, labels } = first.after;
  const covered = unionOf([...silences.values()].flatMap(({ meant, active }) => (meant.covers(labels) ? active : [])));
  const held = (suppressed: boolean) =>
    holdingOf(
      history.map(({ at, after }) => ({
        at,
        holds: after.status === 'firing' && (after.suppressedBy !== null) === suppressed,
      })),
      span.until,
    );
  for (const { from, until } of longerThan(intersectionOf(held(false), covered), judgesWithin))
    report(`${fingerprint} fires in a silence from ${from} to ${until} and is not suppressed`);
  const uncovered = complementOf(covered, span.from, span.until);
  for (const { from, until } of longerThan(intersectionOf(held(true), uncovered), judgesWithin))
    report(`${fingerprint} is suppressed from ${from} to ${until} and no silence matches it`);
}
