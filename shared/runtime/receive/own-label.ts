import type { Labels } from '../../alert/labels.ts';
import { ownAlertLabel } from '../../config/defaults.ts';

/** Nobody else's alerts take the route of our own. They may well be true alerts, so only the label goes. */
export const withoutOwnLabel = <
  Alert extends { readonly labels: Labels },
  Message extends { readonly alerts: readonly Alert[] },
>(
  message: Message & { readonly alerts: readonly Alert[] },
): Message => ({ ...message, alerts: message.alerts.map(dropOwnLabel) });

function dropOwnLabel<Alert extends { readonly labels: Labels }>(alert: Alert): Alert {
  if (!Object.hasOwn(alert.labels, ownAlertLabel)) return alert;
  const { [ownAlertLabel]: _, ...labels } = alert.labels;
  return { ...alert, labels };
}
