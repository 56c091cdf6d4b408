import type { Severity } from '../incident/severity.ts';

/** One way to page a person. */
export type ContactMethod = (
  | { readonly kind: 'slack' }
  /** Mentioned by name in a channel (key of `slackChannels`). */
  | { readonly kind: 'slack mention'; readonly channel: string }
  | { readonly kind: 'pagerduty'; readonly service: string }
  | { readonly kind: 'sns'; readonly contact: string }
) & {
  /** After the step ran; at most 900 (SQS delays a message by 15 minutes at most). */
  readonly afterSeconds: number;
};

/** When a person prefers not to be paged. SEV1 is no choice. */
export interface QuietPreference {
  readonly severities: readonly Exclude<Severity, 'SEV1'>[];
  readonly outsideWorkingHours: boolean;
  /** Names of time intervals. */
  readonly during: readonly string[];
}
