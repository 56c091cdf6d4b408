import type { ApplyAlerts } from '../../incident/commands.ts';
import { type Incident, keepsMembers } from '../../incident/incident.ts';
import { isWorse } from '../../incident/severity.ts';
import { summarizeAlert } from '../../incident/summarize-alert.ts';
import { assert } from '../../kernel/assert.ts';
import type { Instant } from '../../kernel/instant.ts';
import type { RoutedAlert } from '../../route/route.ts';
import type { IncidentPointer } from '../../store/codec.ts';
import type { Leaving, PlannedAlert } from './plan-alert.ts';
import type { Rising } from './plan-unmuted.ts';

/** What was loaded for one unit of alerts. */
export interface LoadedIncidents {
  /** By incident key, for every key that an alert joins or an incident here has. */
  readonly pointers: ReadonlyMap<string, IncidentPointer | null>;
  readonly incidents: ReadonlyMap<string, Incident>;
}

/** All that one unit of alerts does to one incident: one command, one commit. */
export interface IncidentWork {
  /** Null: it opens. */
  readonly incident: Incident | null;
  readonly incidentId: string;
  readonly incidentKey: string;
  /** Of the most severe alert that joins. */
  routed: RoutedAlert | null;
  readonly joined: ApplyAlerts['joined'][number][];
  readonly resolved: ApplyAlerts['resolved'][number][];
  readonly suppressed: ApplyAlerts['suppressed'][number][];
  readonly flapping: NonNullable<ApplyAlerts['flapping']>[number][];
  isRerouted: boolean;
}

/** Who takes an alert of this key now: an open incident, one that holds members, or one resolved so shortly ago that it re-opens. */
export function ownerOf(incidentKey: string, loaded: LoadedIncidents, now: Instant): Incident | null {
  const pointer = loaded.pointers.get(incidentKey) ?? null;
  const incident = pointer === null ? undefined : loaded.incidents.get(pointer.incidentId);
  if (pointer === null || incident === undefined || incident.closedAt !== null) return null;
  const reopens = pointer.reopenUntil !== null && now < pointer.reopenUntil;
  return keepsMembers(incident) || reopens ? incident : null;
}

/** The work of a unit, one entry per incident. The most severe alerts must come first: the first one names an incident. */
export class UnitWork {
  readonly #loaded: LoadedIncidents;
  readonly #now: Instant;
  readonly #newId: () => string;
  readonly #byIncident = new Map<string, IncidentWork>();
  readonly #opening = new Map<string, IncidentWork>();

  constructor(loaded: LoadedIncidents, now: Instant, newId: () => string) {
    this.#loaded = loaded;
    this.#now = now;
    this.#newId = newId;
  }

  get all(): readonly IncidentWork[] {
    return [...this.#byIncident.values()];
  }

  join(planned: PlannedAlert, routed: RoutedAlert): IncidentWork {
    const work = this.#owning(routed.incidentKey);
    assert(planned.after, 'an alert that joins an incident is written');
    const known = planned.after.lastIncidentIds ?? [];
    const { released } = planned;
    const joined = { summary: summarizeAlert(planned.after), fresh: !known.includes(work.incidentId) };
    work.joined.push({ ...joined, ...(released === undefined ? {} : { released }) });
    if (work.routed === null || isWorse(routed.severity, work.routed.severity)) work.routed = routed;
    return work;
  }

  raise({ incidentId, routed }: Rising): void {
    const incident = this.#loaded.incidents.get(incidentId);
    assert(incident, `incident ${incidentId} was loaded`);
    const work = this.#existing(incident);
    work.isRerouted = true;
    if (work.routed === null || isWorse(routed.severity, work.routed.severity)) work.routed = routed;
  }

  leave(planned: PlannedAlert, { incidentId, how }: Leaving): IncidentWork {
    const incident = this.#loaded.incidents.get(incidentId);
    assert(incident, `incident ${incidentId} was loaded`);
    const work = this.#existing(incident);
    const { source, fingerprint } = planned.task;
    if (how === 'suppressed') {
      const suppression = planned.after?.suppressedBy;
      assert(suppression, 'what leaves suppressed says by what');
      work.suppressed.push({ source, fingerprint, suppression });
    } else work.resolved.push({ source, fingerprint, wentQuiet: how === 'went quiet' });
    return work;
  }

  /** An alert that begins to flap tells the incidents that it joins; one that ceases to, those that kept it. */
  tellFlapping({ task, flap }: PlannedAlert, joined: readonly IncidentWork[]): void {
    if (flap === undefined) return;
    const { source, fingerprint } = task;
    const works =
      flap.change === 'began' ? joined : flap.incidentIds.flatMap((id) => this.#loaded.incidents.get(id) ?? []);
    for (const each of works) {
      const work = 'incidentId' in each ? each : this.#existing(each);
      work.flapping.push({ source, fingerprint, ...flap });
    }
  }

  #owning(incidentKey: string): IncidentWork {
    const owner = ownerOf(incidentKey, this.#loaded, this.#now);
    if (owner !== null) return this.#existing(owner);
    const opening = this.#opening.get(incidentKey) ?? this.#add(null, this.#newId(), incidentKey);
    this.#opening.set(incidentKey, opening);
    return opening;
  }

  #existing(incident: Incident): IncidentWork {
    return this.#byIncident.get(incident.id) ?? this.#add(incident, incident.id, incident.incidentKey);
  }

  #add(incident: Incident | null, incidentId: string, incidentKey: string): IncidentWork {
    const work: IncidentWork = {
      incident,
      incidentId,
      incidentKey,
      routed: null,
      joined: [],
      resolved: [],
      suppressed: [],
      flapping: [],
      isRerouted: false,
    };
    this.#byIncident.set(incidentId, work);
    return work;
  }
}
