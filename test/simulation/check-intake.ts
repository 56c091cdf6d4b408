import type { AlertRecord, IntakeRow } from '#shared/alert/alert.ts';
import type { Report } from './check-ledger.ts';
import type { Fact } from './ledger.ts';

/** Promise 1 for what came in: each change of an alert has its row of the ledger, closed in the transaction that decided it. */
export function checkIntake(facts: readonly Fact[], report: Report): void {
  const seen = new Set<string>();
  for (const transaction of Map.groupBy(facts, ({ tx }) => tx).values()) {
    const rows = new Map<string, IntakeRow>();
    for (const fact of transaction) {
      if (fact.kind !== 'intake') continue;
      const { fingerprint, changeId } = fact.after;
      if (seen.has(`${fingerprint} ${changeId}`)) report(`${fingerprint} has two rows for the change ${changeId}`);
      seen.add(`${fingerprint} ${changeId}`);
      rows.set(fingerprint, fact.after);
    }
    for (const fact of transaction) if (fact.kind === 'alert') checkRow(fact, rows.get(fact.after.fingerprint), report);
  }
}

function checkRow(
  { before, after }: Extract<Fact, { kind: 'alert' }>,
  row: IntakeRow | undefined,
  report: Report,
): void {
  const outcome = row?.outcome === 'opened' ? 'joined' : row?.outcome;
  const wanted = before !== null && stateOf(before) === stateOf(after) ? undefined : outcomes[stateOf(after)];
  if (outcome !== wanted)
    report(`${after.fingerprint} became ${stateOf(after)}, and its row says ${outcome ?? 'nothing: there is none'}`);
}

const outcomes = { firing: 'joined', suppressed: 'suppressed', resolved: 'resolved' } as const;

function stateOf(record: AlertRecord): keyof typeof outcomes {
  if (record.status === 'resolved') return 'resolved';
  return record.suppressedBy === null ? 'firing' : 'suppressed';
}
