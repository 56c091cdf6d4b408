import type { AlertGroupMessage, IncomingAlert } from '../../alert/alert.ts';
import { ownAlertLabel } from '../../config/defaults.ts';

/** Nobody else's alert takes the route of our own. It may well be a true alert, so only the label goes. */
export const withoutOwnLabel = (message: AlertGroupMessage): AlertGroupMessage =>
  message.alerts.some(isMarked) ? { ...message, alerts: message.alerts.map(unmarked) } : message;

const isMarked = ({ labels }: IncomingAlert): boolean => Object.hasOwn(labels, ownAlertLabel);

function unmarked(alert: IncomingAlert): IncomingAlert {
  const { [ownAlertLabel]: _, ...labels } = alert.labels;
  return { ...alert, labels };
}
