import { nameSuppression } from '../alert/suppression.ts';
import { pinPolicy } from '../escalation/pin-policy.ts';
import { assert } from '../kernel/assert.ts';
import { rejected, unchanged } from '../kernel/outcome.ts';
import { cleanLine, cutText } from '../notification/clean-text.ts';
import type { IncidentEvent } from '../timeline/events.ts';
import type { ApplyAlerts, DecisionContext, IncidentDecision } from './commands.ts';
import { acceptDraft, addEvents, beginDraft, type Draft, openDraft } from './draft.ts';
import { flappingEvents } from './flapping-events.ts';
import { type Incident, isOpen, type ResolveReason, sampleLimit } from './incident.ts';
import { raiseTo, reopen } from './reopen.ts';
import { setResolvedTimer } from './resolve.ts';
import { runDueSteps } from './run-steps.ts';
import { isWorse } from './severity.ts';

/** Characters of a title: Slack's header block takes 150, and the number goes before it. */
const titleLimit = 120;

/**
 * What do alerts that began or ceased to fire do to their incident? All are counted first; then what is left decides:
 * nothing fires any more, it is resolved; something fires, it is opened, raised or re-opened. Idempotence is the caller's:
 * it brings each change of an alert once.
 */
export function applyAlerts(
  command: ApplyAlerts,
  incident: Incident | null,
  context: DecisionContext,
): IncidentDecision {
  const { routed, joined, isRerouted = false } = command;
  const counted = countEvents(command);
  if (counted.length === 0 && !isRerouted) return unchanged('nothing changed');
  assert(joined.length === 0 || routed !== null, 'alerts that begin to fire were routed');
  if (incident?.status === 'closed') return rejected('incident is closed');
  const draft = incident === null ? trigger(command, context) : beginDraft(incident, context);
  return acceptDraft(conclude(command, addEvents(draft, ...counted)));
}

function conclude(command: ApplyAlerts, draft: Draft): Draft {
  const { incident, before } = draft;
  const { routed, joined, isRerouted = false } = command;
  if (!isOpen(incident))
    return wakesUp(command, draft) ? reopen(draft, 'alert fired again', routed, allTold(joined)) : setHeld(draft);
  if (incident.firing === 0) return resolveBySource(command, draft);
  if (before === null) return runDueSteps(draft);
  const rises = routed !== null && (joined.length > 0 || isRerouted) && isWorse(routed.severity, incident.severity);
  return rises ? raiseTo(draft, routed) : draft;
}

const allTold = (joined: ApplyAlerts['joined']): boolean => joined.every(({ fresh }) => !fresh);

/** On a resolved incident: a held member that flaps tells nothing new; anything else that fires does. */
function wakesUp({ routed, joined }: ApplyAlerts, { incident, context }: Draft): boolean {
  if (joined.length === 0 || incident.firing === 0) return false;
  const held = incident.heldUntil !== null && context.now < incident.heldUntil;
  const worse = routed !== null && isWorse(routed.severity, incident.severity);
  return !held || worse || joined.some(({ fresh }) => fresh);
}

/** The hold has gone when its last member ceased to fire; then the incident only waits for its closing. */
const setHeld = (draft: Draft): Draft =>
  draft.before?.heldUntil === draft.incident.heldUntil ? draft : setResolvedTimer(draft);

function resolveBySource(command: ApplyAlerts, draft: Draft): Draft {
  return setResolvedTimer(
    addEvents(draft, {
      type: 'IncidentResolved',
      by: draft.context.actor,
      reason: reasonOf(command),
      stillFiring: 0,
      heldUntil: null,
    }),
  );
}

function reasonOf({ resolved, suppressed }: ApplyAlerts): ResolveReason {
  if (suppressed.length > 0) return 'alerts silenced';
  return resolved.every(({ wentQuiet }) => wentQuiet) ? 'source went quiet' : 'alerts resolved';
}

/** Joined before resolved, so that the count never goes below zero in between. */
function countEvents({ joined, resolved, suppressed, flapping = [] }: ApplyAlerts): readonly IncidentEvent[] {
  const events: IncidentEvent[] = [];
  if (joined.length > 0) {
    const sample = joined.slice(0, sampleLimit).map(({ summary }) => summary);
    const fresh = joined.filter((each) => each.fresh).length;
    const released = distinct(joined.flatMap((each) => each.released ?? [])).slice(0, releasedLimit);
    const told = released.length === 0 ? {} : { released };
    events.push({ type: 'AlertsJoined', count: joined.length, fresh, sample, ...told });
  }
  events.push(...flappingEvents(flapping));
  for (const wentQuiet of [false, true]) {
    for (const left of bySource(resolved.filter((each) => each.wentQuiet === wentQuiet))) {
      events.push({ type: 'AlertsResolved', ...leaving(left), wentQuiet });
    }
  }
  for (const left of bySource(suppressed)) {
    events.push({ type: 'AlertsSuppressed', ...leaving(left), ...suppressors(left) });
  }
  return events;
}

const distinct = (texts: readonly string[]) => [...new Set(texts)].sort();
/** Alerts that come back together were mostly held back by one silence. */
const releasedLimit = 5;

/** Silences by id, as they always were told; everything else in words. */
function suppressors(left: ApplyAlerts['suppressed']) {
  const makers = left.flatMap(({ suppression }) => (suppression.kind === 'silence' ? (suppression.by ?? []) : []));
  const silences = left.flatMap(({ suppression }) => (suppression.kind === 'silence' ? [suppression.silenceId] : []));
  const others = left.flatMap(({ suppression }) =>
    suppression.kind === 'silence' ? [] : [nameSuppression(suppression)],
  );
  return {
    silenceIds: distinct(silences),
    ...(makers.length === 0 ? {} : { silencedBy: distinct(makers) }),
    ...(others.length === 0 ? {} : { otherwiseBy: distinct(others) }),
  };
}

type Leaving = ApplyAlerts['resolved'][number] | ApplyAlerts['suppressed'][number];

/** One list for each source, in the order of their first alerts. */
function bySource<Left extends Leaving>(left: readonly Left[]): readonly (readonly Left[])[] {
  const sources = [...new Set(left.map(({ source }) => source))];
  return sources.map((source) => left.filter((each) => each.source === source));
}

function leaving(left: readonly Leaving[]) {
  const source = left[0]?.source;
  const fingerprints = left.map(({ fingerprint }) => fingerprint);
  return { count: left.length, ...(source === undefined ? {} : { source }), fingerprints };
}

function trigger({ routed, joined, number }: ApplyAlerts, context: DecisionContext): Draft {
  const summary = joined[0]?.summary;
  assert(routed && summary, 'an incident opens with an alert that fires');
  const { severity, service, owner, incidentKey, routePath, slackChannelId } = routed;
  const { source, labels, annotations } = summary;
  const title = titleOf(labels.alertname, annotations.summary);
  const pinned = pinPolicy(context.policy, routed, context.now);
  return openDraft(
    {
      type: 'IncidentTriggered',
      number,
      incidentKey,
      title,
      severity,
      source,
      service,
      owner,
      routePath,
      slackChannelId,
      pinned,
    },
    context,
  );
}

/** What the first alert says of itself. */
function titleOf(alertname: string | undefined, summary: string | undefined): string {
  const parts = [alertname, summary].filter((part) => part !== undefined && part !== '');
  return cutText(cleanLine(parts.join(': ')), titleLimit) || 'Alert without a name';
}
