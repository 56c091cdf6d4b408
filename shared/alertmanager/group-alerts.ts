import { type Labels, labelValue } from '../alert/labels.ts';
import type { RouteNode } from '../config/policy.ts';
import { compareUtf8 } from '../kernel/utf8.ts';
import { compareAlertLabels, compareLabels } from './label-order.ts';

/** An alert in one of the groups that its routes make. */
export interface GroupMember<T> {
  readonly node: Pick<RouteNode, 'path' | 'receiver' | 'groupBy'>;
  readonly labels: Labels;
  readonly value: T;
}

export interface AlertGroupView<T> {
  readonly labels: Labels;
  readonly receiver: { readonly name: string };
  readonly alerts: readonly T[];
}

/** Those labels of an alert that name its group; `['...']` names all. What the alert does not have is left out. */
export function groupLabelsOf(groupBy: readonly string[], labels: Labels): Labels {
  if (groupBy.includes('...')) return labels;
  const names = groupBy.filter((name) => Object.hasOwn(labels, name));
  return Object.fromEntries(names.map((name) => [name, labelValue(labels, name)]));
}

/** One group for each route node and each set of its grouping labels, in Alertmanager's order. */
export function groupAlerts<T>(members: readonly GroupMember<T>[]): readonly AlertGroupView<T>[] {
  const groups = new Map<string, { readonly labels: Labels; readonly receiver: string; members: GroupMember<T>[] }>();
  for (const member of members) {
    const labels = groupLabelsOf(member.node.groupBy, member.labels);
    const pairs = Object.entries(labels).sort(([a], [b]) => compareUtf8(a, b));
    const key = JSON.stringify([member.node.path, pairs]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { labels, receiver: member.node.receiver, members: [member] });
    else group.members.push(member);
  }
  return [...groups.values()]
    .sort((a, b) => compareLabels(a.labels, b.labels) || compareUtf8(a.receiver, b.receiver))
    .map(({ labels, receiver, members: inside }) => ({
      labels,
      receiver: { name: receiver },
      alerts: inside.sort((a, b) => compareAlertLabels(a.labels, b.labels)).map(({ value }) => value),
    }));
}
