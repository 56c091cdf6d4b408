import type { EscalationChoice } from '../escalation/escalation-choice.ts';
import type { Severity } from '../incident/severity.ts';

/** What routing decided for one alert: one entry per matching node; two entries give two incidents only if the keys differ. */
export interface RoutedAlert {
  readonly routePath: string;
  readonly severity: Severity;
  /** A known service's name, or null. */
  readonly service: string | null;
  /** Team name, or null when nobody owns it. */
  readonly owner: string | null;
  /** The route's, else the service's, else the severity's; which policy it means is decided when an incident pins it. */
  readonly escalationPolicy: EscalationChoice;
  /** Readable; hashed for storage. Equal keys mean the same incident. */
  readonly incidentKey: string;
  /** Of the route. Absent: none. */
  readonly cooldownSeconds?: number;
  /** Slack channel id of the incident message, or null when no channel is known. */
  readonly slackChannelId: string | null;
  /** Of an alert that is grouped by us: how long its group waits before it tells, and between two tellings. */
  readonly grouping?: { readonly waitSeconds: number; readonly intervalSeconds: number };
  /** Only the catch-all took it, although the tree has branches: reported. */
  readonly unrouted: boolean;
}
