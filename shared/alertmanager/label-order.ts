import { type Labels, labelValue } from '../alert/labels.ts';
import { compareUtf8 } from '../kernel/utf8.ts';

/** Alertmanager's order of label sets: fewer labels first, then names and values in order (PROTOCOLS 1.2). */
export function compareLabels(a: Labels, b: Labels): number {
  const names = Object.keys(a);
  const size = names.length - Object.keys(b).length;
  if (size !== 0) return size;
  for (const name of [...new Set([...names, ...Object.keys(b)])].sort(compareUtf8)) {
    if (!Object.hasOwn(a, name)) return -1;
    if (!Object.hasOwn(b, name)) return 1;
    const difference = compareUtf8(labelValue(a, name), labelValue(b, name));
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Its order of the alerts in a group: those with a job first and by it, then by instance, then by all labels. */
export function compareAlertLabels(a: Labels, b: Labels): number {
  for (const name of ['job', 'instance']) {
    const difference = missingLast(a, b, name);
    if (difference !== 0) return difference;
  }
  return compareLabels(a, b);
}

function missingLast(a: Labels, b: Labels, name: string): number {
  const [inA, inB] = [Object.hasOwn(a, name), Object.hasOwn(b, name)];
  if (inA !== inB) return inA ? -1 : 1;
  return compareUtf8(labelValue(a, name), labelValue(b, name));
}
