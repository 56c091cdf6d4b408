import { addSeconds, type Instant, toEpochSeconds } from '../../kernel/instant.ts';
import type { SlackApi, VendorOutcome } from '../../runtime/ports.ts';

export interface MessageWanted {
  /** A channel id, also that of a direct message (`D…`), never a user id. */
  readonly channel: string;
  /** Null: among the channel's own messages. */
  readonly threadTs: string | null;
  readonly incidentId: string;
  /** The key in the message's metadata. */
  readonly key: string;
  /** It was not sent before this instant. */
  readonly since: Instant;
}

const pageSize = 200;
const maxPages = 5;
/** Slack's clock and ours may differ. */
const clockSkewSeconds = 60;

/**
 * Was this message posted, after all? Asked after an unknown outcome and before sending again: Slack has no idempotency
 * key. `ok` with null means that it is surely not there; `unknown` that more was posted since than we read (1,000).
 */
export async function lookUpMessage(
  api: SlackApi,
  wanted: MessageWanted,
): Promise<VendorOutcome<{ readonly ts: string } | null>> {
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const answer = await api.call(
      wanted.threadTs === null ? 'conversations.history' : 'conversations.replies',
      lookUpArguments(wanted, cursor),
    );
    if (answer.outcome !== 'ok') return answer;
    const ts = findMessage(answer.value.messages, wanted);
    if (ts !== null) return { outcome: 'ok', value: { ts } };
    cursor = nextCursor(answer.value.response_metadata);
    if (cursor === undefined) return { outcome: 'ok', value: null };
  }
  return { outcome: 'unknown', reason: 'too many messages since' };
}

const lookUpArguments = ({ channel, threadTs, since }: MessageWanted, cursor: string | undefined) => ({
  channel,
  ...(threadTs === null ? {} : { ts: threadTs }),
  oldest: `${toEpochSeconds(addSeconds(since, -clockSkewSeconds))}.000000`,
  inclusive: true,
  include_all_metadata: true,
  limit: pageSize,
  ...(cursor === undefined ? {} : { cursor }),
});

function findMessage(messages: unknown, wanted: MessageWanted): string | null {
  if (!Array.isArray(messages)) return null;
  for (const message of messages) {
    const { ts, metadata } = record(message);
    const { event_type: type, event_payload: payload } = record(metadata);
    const { incident_id: incidentId, key } = record(payload);
    if (
      type === 'tocsin_incident' &&
      incidentId === wanted.incidentId &&
      key === wanted.key &&
      typeof ts === 'string'
    ) {
      return ts;
    }
  }
  return null;
}

function nextCursor(metadata: unknown): string | undefined {
  const { next_cursor: cursor } = record(metadata);
  return typeof cursor === 'string' && cursor !== '' ? cursor : undefined;
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
