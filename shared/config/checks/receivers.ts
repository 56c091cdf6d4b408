import type { Policy } from '../policy.ts';
import type { Finding } from '../problem.ts';
import { placeRoutes } from './route-walk.ts';

/** What people call the receiver without any integration, with which Alertmanager tells nobody. */
const nobody = /^(null|nil|none|nobody|noop|nowhere|black[-_]?hole|dev[-_]?null|drop|discard|void)$/i;

const fix =
  'Write severity: SEV4 there, which pages nobody; or give the receiver another name if its route shall tell.';

/** Here a receiver is only a name: a pasted tree would page for what it used to drop. Told once, not for the children. */
export function checkNobodyReceivers({ route }: Policy): Finding[] {
  const told: string[] = [];
  return placeRoutes(route).flatMap(({ node, at }): Finding[] => {
    const pagesNobody = node.severity.kind === 'fixed' && node.severity.value === 'SEV4';
    const isTold = told.some((path) => node.path.startsWith(`${path}/`));
    if (!nobody.test(node.receiver) || pagesNobody || isTold) return [];
    told.push(node.path);
    const message = `route ${node.path} tells like any other, and its receiver is called ${JSON.stringify(node.receiver)}`;
    return [{ level: 'warning', at: [...at, 'receiver'], message, fix }];
  });
}
