import type { AlertId, AlertRecord } from '../../alert/alert.ts';
import type { InhibitRule } from '../../route/inhibit-rule.ts';
import {
  findInhibition,
  type Inhibitor,
  type InhibitTarget,
  inhibitorPlaces,
  inhibitTargets,
  type KnownInhibitors,
  samePlaces,
} from '../../route/inhibition.ts';
import { loadInhibitors } from '../../store/inhibitor-store.ts';
import type { Deps } from '../deps.ts';

interface Audited {
  readonly alert: AlertRecord;
  readonly targets: readonly InhibitTarget[];
}

export interface InhibitionAudit {
  /** Names of all firing alerts. */
  readonly firing: ReadonlySet<string>;
  /** Grows, so that a place is asked once a run. */
  readonly known: Map<string, Inhibitor | null>;
}

/**
 * The alerts whose inhibition is not what it should be: an inhibitor ended or began while they were being decided, a message
 * about it was lost, or the policy file has other rules. Judged from what is stored, so nothing needs to be remembered for
 * it.
 */
export async function findMisjudged(
  { table, policy: { inhibitRules } }: Pick<Deps, 'table' | 'policy'>,
  alerts: readonly AlertRecord[],
  { firing, known }: InhibitionAudit,
): Promise<readonly AlertId[]> {
  const audited = alerts
    .filter(({ status }) => status === 'firing')
    .map((alert): Audited => ({ alert, targets: targetsOf(alert, inhibitRules) }));
  const places = audited.flatMap(({ targets }) => targets.map(({ place }) => place)).filter((each) => !known.has(each));
  for (const [place, first] of await loadInhibitors(table, places)) known.set(place, first);
  return audited
    .filter((each) => !isFiled(each.alert, inhibitRules) || isMisjudged(each, known, firing))
    .map(({ alert: { source, fingerprint } }) => ({ source, fingerprint }));
}

export const alertName = ({ source, fingerprint }: AlertId): string => `${source}#${fingerprint}`;

/** What another reason holds back is judged anew when that ends. */
const targetsOf = ({ suppressedBy, labels }: AlertRecord, rules: readonly InhibitRule[]): readonly InhibitTarget[] =>
  suppressedBy === null || suppressedBy.kind === 'inhibition' ? inhibitTargets(rules, labels) : [];

const isFiled = ({ labels, inhibits = [] }: AlertRecord, rules: readonly InhibitRule[]): boolean =>
  samePlaces(inhibits, inhibitorPlaces(rules, labels));

function isMisjudged({ alert, targets }: Audited, known: KnownInhibitors, firing: ReadonlySet<string>): boolean {
  const { suppressedBy } = alert;
  const found = findInhibition(targets, known);
  if (suppressedBy === null) return found !== null;
  if (suppressedBy.kind !== 'inhibition') return false;
  if (found === null || !targets.some(({ rule }) => rule === suppressedBy.rule)) return true;
  // Something inhibits it still; it shall name what fires.
  return !firing.has(alertName(suppressedBy.inhibitor));
}
