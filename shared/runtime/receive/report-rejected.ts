import type { Deps } from '../deps.ts';
import { reportTrouble } from './report-trouble.ts';

/**
 * A known source sent what cannot be read: somebody's alerts are not arriving.
 * @throws AdapterError when it is not surely stored
 */
export const reportRejected = (
  deps: Pick<Deps, 'queues' | 'blobs' | 'clock' | 'ids'>,
  source: string,
  { status, title, detail }: { readonly status: number; readonly title: string; readonly detail: string },
): Promise<void> =>
  reportTrouble(deps, {
    alertname: 'AlertsRejected',
    source,
    summary: `Alerts of source ${source} are not arriving`,
    description: `A request of source ${source} was answered ${status} (${title}): ${detail} What is refused is not sent again.`,
  });
