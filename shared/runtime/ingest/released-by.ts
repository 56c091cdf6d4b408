import { nameSuppression, type Suppression } from '../../alert/suppression.ts';
import type { SilenceIndex } from '../../silence/silence-index.ts';

/** Which silence held it back until now, and who ended it: people who are told again want to know. Null: no silence did. */
export function releasedBy(earlier: Suppression | null, silences: SilenceIndex | null): string | null {
  if (earlier?.kind !== 'silence') return null;
  const { by, silenceId } = earlier;
  const endedBy = silences?.byId.get(silenceId)?.endedBy;
  const silence = by === undefined ? nameSuppression(earlier) : `${nameSuppression(earlier)} by ${by}`;
  return endedBy === undefined ? silence : `${silence}, ended by ${endedBy}`;
}
