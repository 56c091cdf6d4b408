import type { SnsNotice } from '../../notification/sns-notice.ts';
import type { Deps } from '../deps.ts';

/** SNS: a subject is printable ASCII of at most 100 characters (SNS API reference, Publish); else the whole call fails. */
const subjectFor = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 100);

/**
 * Pages the fallback. SNS cannot tell a repeat from a second message, so after an answer that was lost it is sent again:
 * the fallback may be told twice, and the text says which incident it is about.
 * @throws AdapterError when SNS does not take it; the message comes back
 */
export async function pageFallback(
  { topics, settings }: Pick<Deps, 'topics' | 'settings'>,
  { subject, text }: Pick<SnsNotice, 'subject' | 'text'>,
): Promise<void> {
  await topics.publish(settings.fallbackTopic, text, { subject: subjectFor(subject) });
}
