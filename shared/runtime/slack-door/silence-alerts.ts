import type { AlertId } from '../../alert/alert.ts';
import type { Labels } from '../../alert/labels.ts';
import { type Incident, incidentName } from '../../incident/incident.ts';
import { uuidOf } from '../../kernel/hash.ts';
import { addSeconds, type Instant } from '../../kernel/instant.ts';
import { utf8Length } from '../../kernel/utf8.ts';
import type { SlackAnswer } from '../../notification/slack-outcome-answer.ts';
import {
  answerAlertsSilenced,
  answerNothingFires,
  answerTooManyAlerts,
} from '../../notification/slack-silence-answers.ts';
import { mostAlertsAtOnce, type SilencePress, untilResolvedSeconds } from '../../notification/slack-silence-buttons.ts';
import { createSilence } from '../../silence/decide-silence.ts';
import type { Silence } from '../../silence/silence.ts';
import { silenceLimits } from '../../silence/validate-silence.ts';
import { loadIncident } from '../../store/incident-store.ts';
import { loadSilencesById, saveSilences } from '../../store/silence-store.ts';
import { decideAgain, type TryLimits } from '../decide-again.ts';
import { sendRejudge } from '../rejudge.ts';
import { loadFiring } from '../silence-reach.ts';
import type { CarryOutDeps, PersonsCommand } from './carry-out.ts';
import { answerNoSuchIncident, type Haste } from './find-target.ts';

type Pressed = Extract<SilencePress, { do: 'silence alerts' }>;
type LabelledAlert = AlertId & { readonly labels: Labels };

/**
 * One silence for each alert that fires in an incident, until that alert resolves. Their ids come from the press, so a worker
 * that does it again makes none twice. Three calls in sequence within a request.
 * @returns null when the incident holds more alerts than it names: finding them takes more calls than a request has
 */
export async function silenceAlerts(
  deps: CarryOutDeps,
  { actor, commandId }: Pick<PersonsCommand, 'actor' | 'commandId'>,
  { incidentId, number }: Pressed,
  { haste, limits }: { readonly haste: Haste; readonly limits: TryLimits },
): Promise<SlackAnswer | null> {
  return decideAgain(deps, limits, async () => {
    const incident = await loadIncident(deps.table, incidentId);
    if (incident === null) return answerNoSuchIncident(number);
    if (incident.firing === 0) return answerNothingFires(number);
    if (incident.firing > mostAlertsAtOnce) return answerTooManyAlerts(number, incident.firing);
    const alerts = await alertsOf(deps, incident, haste);
    if (alerts === null) return null;
    const now = deps.clock.now();
    const silences = alerts.map((alert) => silenceOf(alert, incident, { by: actor.name, commandId, now }));
    const made =
      haste === 'within a request'
        ? []
        : await loadSilencesById(
            deps.table,
            silences.map(({ id }) => id),
          );
    const missing = silences.filter((_, index) => (made[index] ?? null) === null);
    if (missing.length > 0) {
      await saveSilences(
        deps.table,
        missing.map((after) => ({ before: null, after })),
        deps.policy,
      );
      await sendRejudge(deps, alerts, `silences-${commandId}`);
    }
    return answerAlertsSilenced(number, alerts.length, addSeconds(now, untilResolvedSeconds));
  });
}

async function alertsOf(
  deps: CarryOutDeps,
  incident: Incident,
  haste: Haste,
): Promise<readonly LabelledAlert[] | null> {
  if (incident.sample.length >= incident.firing) return incident.sample;
  if (haste === 'within a request') return null;
  const firing = await loadFiring(deps, Number.POSITIVE_INFINITY);
  const alerts = (firing?.alerts ?? []).filter(({ incidentIds }) => incidentIds.includes(incident.id));
  return alerts.slice(0, mostAlertsAtOnce);
}

function silenceOf(
  { source, fingerprint, labels }: LabelledAlert,
  { number }: Incident,
  { by, commandId, now }: { readonly by: string; readonly commandId: string; readonly now: Instant },
): Silence {
  const decision = createSilence(
    {
      matchers: matchersOf(labels),
      startsAt: now,
      endsAt: addSeconds(now, untilResolvedSeconds),
      createdBy: by,
      comment: `until it resolves (${incidentName(number)})`,
      untilResolved: { source, fingerprint },
    },
    { now, id: uuidOf('silence alert', commandId, source, fingerprint) },
  );
  // Labels that a silence could not hold were left out; an alert without any is none.
  if (decision.outcome !== 'accepted') throw new TypeError(`an alert cannot be silenced: ${decision.outcome}`);
  return decision.silence;
}

/** As many of its labels as a silence holds: which alert is meant is said by `untilResolved`. */
const matchersOf = (labels: Labels): Silence['matchers'] =>
  Object.entries(labels)
    .filter(([, value]) => value !== '')
    .filter(
      ([name, value]) =>
        utf8Length(name) <= silenceLimits.matcherNameBytes && utf8Length(value) <= silenceLimits.matcherValueBytes,
    )
    .slice(0, silenceLimits.matchers)
    .map(([name, value]) => ({ name, operator: '=', value }));
