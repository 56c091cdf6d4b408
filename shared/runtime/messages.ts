import type { AlertGroupMessage, AlertId } from '../alert/alert.ts';
import type { QuarantinedAlert } from '../alert/parse-webhook.ts';
import type { PostedMessage } from '../alert/posted-alert.ts';
import type { IncidentCommand } from '../incident/commands.ts';
import type { Actor } from '../incident/incident.ts';
import type { Instant } from '../kernel/instant.ts';
import type { PageId } from '../notification/page.ts';
import type { SilencePress } from '../notification/slack-silence-buttons.ts';

/** What the ingest queue (FIFO, one message group per alert group) carries. Bodies are ASCII JSON (`asciiJson`). */
export type IngestMessage =
  | {
      readonly kind: 'alerts';
      readonly correlationId: string;
      readonly message: AlertGroupMessage;
      /** Malformed neighbours of the message's alerts, to be stored for operators; absent when there are none. */
      readonly quarantined?: readonly QuarantinedAlert[];
    }
  /** Alerts of `POST /api/v2/alerts`: one message for each shard of the source, so that the copies of an alert stay in order. */
  | {
      readonly kind: 'posted';
      readonly correlationId: string;
      readonly message: PostedMessage;
      /** Alerts of the request that cannot be; with one of its messages. */
      readonly quarantined?: readonly QuarantinedAlert[];
    }
  /** The sweep found posted alerts whose lease is over; in their shard's own group, behind every copy that is queued. */
  | {
      readonly kind: 'lease over';
      readonly correlationId: string;
      readonly id: string;
      readonly alerts: readonly AlertId[];
    }
  /** On the queue `releases`: what waits for this incident key is told at `until`, these alerts among them. At most 40. */
  | {
      readonly kind: 'release';
      readonly correlationId: string;
      readonly id: string;
      readonly incidentKey: string;
      readonly until: Instant;
      readonly alerts: readonly AlertId[];
    }
  /** Too large for the queue: the `alerts` or `posted` message lies in the bucket. */
  | { readonly kind: 'spilled'; readonly correlationId: string; readonly blobKey: string }
  /** The sweep found a group whose lease is over. */
  | { readonly kind: 'quiet group'; readonly correlationId: string; readonly groupId: string }
  /** Judge these again: a silence began, ended or changed. At most 40 alerts. */
  | {
      readonly kind: 'rejudge';
      readonly correlationId: string;
      readonly id: string;
      readonly alerts: readonly { readonly source: string; readonly fingerprint: string }[];
    }
  /** Something began to inhibit in these places (shared/route/inhibition.ts), or nothing does there any more. At most 100. */
  | {
      readonly kind: 'inhibition';
      readonly correlationId: string;
      readonly id: string;
      readonly at: Instant;
      readonly places: readonly string[];
    };

/** What the lanes' queues carry: ids, not content. The notifier reads the incident and brings the vendor to its state. */
export type LaneMessage =
  | { readonly kind: 'page'; readonly correlationId: string; readonly page: PageId; readonly postponed: number }
  | { readonly kind: 'update'; readonly correlationId: string; readonly incidentId: string; readonly postponed: number }
  /** Only on the Slack lane: tell its author that a silence ends soon, unless it has another end by now. */
  | {
      readonly kind: 'silence ends soon';
      readonly correlationId: string;
      readonly silenceId: string;
      readonly endsAt: Instant;
      readonly postponed: number;
    }
  /** Only on the Slack lane: tell that the shift of a schedule has changed, unless it has changed again since `at`. */
  | {
      readonly kind: 'hand-off';
      readonly correlationId: string;
      readonly schedule: string;
      readonly at: Instant;
      readonly postponed: number;
    }
  /** Only on the status lane: write the public page anew, because it was never written or the policy file has changed. */
  | { readonly kind: 'status page'; readonly correlationId: string }
  /** Only on the SNS lane: tell the fallback. */
  | {
      readonly kind: 'fallback';
      readonly correlationId: string;
      readonly incidentId: string | null;
      readonly subject: string;
      readonly text: string;
    };

/** A person's command that could not be decided within the request: done by the worker, answered through response_url. */
export interface QueuedCommand {
  readonly correlationId: string;
  /** Slack trigger_id or action_ts with user. */
  readonly commandId: string;
  readonly actor: Actor;
  readonly incidentNumber: number | null;
  readonly command:
    | IncidentCommand
    | { readonly type: 'Slack text'; readonly text: string }
    | { readonly type: 'Slack silence'; readonly press: SilencePress };
  readonly responseUrl: string;
  /** When the person asked: what cannot be confirmed within half an hour is given up. */
  readonly takenAt: Instant;
  /** The command is decided, and only this answer is still owed to the person; absent while it must be decided. */
  readonly owed?: { readonly answer: Readonly<Record<string, unknown>>; readonly tries: number };
}

export type QueueName =
  | 'ingest'
  | 'releases'
  | 'slack-pages'
  | 'slack-updates'
  | 'pagerduty-pages'
  | 'pagerduty-updates'
  | 'sns-pages'
  | 'status-updates'
  | 'commands';

export const queueNames = [
  'ingest',
  'releases',
  'slack-pages',
  'slack-updates',
  'pagerduty-pages',
  'pagerduty-updates',
  'sns-pages',
  'status-updates',
  'commands',
] as const satisfies readonly QueueName[];
