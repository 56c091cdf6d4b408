import type { PagerDutyTold } from '../notification/pagerduty-plan.ts';
import { emptySlackLane, type SlackLaneState } from '../notification/slack-plan.ts';
import { laneStateKey } from './keys.ts';
import { type AttributeValue, type Item, itemAbsent, type Table, versionIs } from './table.ts';

export interface PagerDutyLaneState {
  readonly told: readonly PagerDutyTold[];
  /** Keys of this generation and all before are resolved for good, and no longer in `told`; absent: of none. */
  readonly settledThrough?: number;
}

export const emptyPagerDutyLane: PagerDutyLaneState = { told: [] };

interface LaneStates {
  readonly slack: SlackLaneState;
  readonly pagerduty: PagerDutyLaneState;
}

/** Version 0: nothing is stored yet. */
export interface Versioned<T> {
  readonly version: number;
  readonly state: T;
}

const emptyLanes: LaneStates = { slack: emptySlackLane, pagerduty: emptyPagerDutyLane };

export async function loadLane<L extends keyof LaneStates>(
  table: Table,
  incidentId: string,
  lane: L,
): Promise<Versioned<LaneStates[L]>> {
  const [item] = await table.get([laneStateKey(incidentId, lane)]);
  return readLane(item ?? null, lane);
}

const readLane = <L extends keyof LaneStates>(item: Item | null, lane: L): Versioned<LaneStates[L]> =>
  item === null
    ? { version: 0, state: emptyLanes[lane] }
    : { version: Number(item.version), state: item.state as unknown as LaneStates[L] };

/**
 * Stores what a lane shows, if nobody stored anything since it was read. An update, not a put: the time to live that the
 * sweep gives to the items of a closed incident stays.
 * @throws ConditionFailed when another notifier stored first: load again and look again
 */
export async function saveLane<L extends keyof LaneStates>(
  table: Table,
  place: { readonly incidentId: string; readonly lane: L },
  seenVersion: number,
  state: LaneStates[L],
): Promise<Versioned<LaneStates[L]>> {
  const version = seenVersion + 1;
  await table.write([
    {
      kind: 'update',
      key: laneStateKey(place.incidentId, place.lane),
      set: { kind: 'lane state', schema: 1, version, state: state as unknown as AttributeValue },
      condition: seenVersion === 0 ? itemAbsent : versionIs(seenVersion),
    },
  ]);
  return { version, state };
}
