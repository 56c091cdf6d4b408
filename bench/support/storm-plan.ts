import { serviceOf } from './policy.ts';
import type { BenchAlert, Labels } from './webhook.ts';

/** When Alertmanager would send what: a group's first webhook at once (group_wait 0s), then every interval what fires so far. */
export interface Storm {
  readonly alerts: number;
  readonly groups: number;
  readonly teams: number;
  readonly seconds: number;
}

export interface Flush {
  /** Milliseconds from the start of the storm. */
  readonly atMillis: number;
  readonly group: number;
  readonly groupLabels: Labels;
  /** All alerts of the group that fire by then. */
  readonly alerts: readonly BenchAlert[];
  readonly isFirst: boolean;
}

export const groupIntervalMillis = 5_000;

export const isSev1 = (group: number): boolean => group % 2 === 0;
export const groupName = (group: number): string => `storm-${String(group).padStart(3, '0')}`;

/** Alert n of the storm: they arrive evenly, one group after the other. */
export const stormAlert = ({ groups, teams }: Storm, index: number): BenchAlert => {
  const group = index % groups;
  return {
    labels: {
      alertname: 'InstanceDown',
      storm: groupName(group),
      severity: isSev1(group) ? 'critical' : 'error',
      service: serviceOf(group % teams),
      instance: `10.${group}.0.${Math.floor(index / groups)}:9100`,
      job: 'node',
      cluster: 'eu-central-1',
    },
    startsAt: '2026-03-02T10:00:00.000Z',
  };
};

export const arrivalMillis = ({ alerts, seconds }: Storm, index: number): number => (index * seconds * 1000) / alerts;

export function planFlushes(storm: Storm): readonly Flush[] {
  const flushes: Flush[] = [];
  for (let group = 0; group < storm.groups; group += 1) {
    const indexes = Array.from(
      { length: Math.ceil((storm.alerts - group) / storm.groups) },
      (_, n) => group + n * storm.groups,
    );
    const groupLabels = { alertname: 'InstanceDown', storm: groupName(group) };
    const alerts = indexes.map((index) => stormAlert(storm, index));
    const arrivals = indexes.map((index) => arrivalMillis(storm, index));
    let sent = 0;
    for (let at = arrivals[0] ?? 0; sent < alerts.length; at += groupIntervalMillis) {
      const firing = arrivals.filter((arrival) => arrival <= at).length;
      if (firing === sent) continue;
      flushes.push({ atMillis: at, group, groupLabels, alerts: alerts.slice(0, firing), isFirst: sent === 0 });
      sent = firing;
    }
  }
  return flushes.sort((a, b) => a.atMillis - b.atMillis);
}
