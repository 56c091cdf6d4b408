import type { Silence } from '../silence/silence.ts';
import type { SilenceReach } from '../silence/silence-reach.ts';
import { codeMrkdwn, dateMrkdwn, escapeMrkdwn } from './escape-slack.ts';
import { actions, context, type SlackMessage, section, sectionsOf, slackMetadata } from './slack-message.ts';
import { silenceMrkdwn } from './slack-silence-answers.ts';
import { endButton } from './slack-silence-buttons.ts';

/** Tells its author that a silence ends soon, and what still fires under it. */
export function slackSilenceNotice(silence: Silence, { hidden, sample }: SilenceReach): SlackMessage {
  const { id, endsAt, createdBy, comment } = silence;
  const what = `The silence of ${silenceMrkdwn(silence)} ends ${dateMrkdwn(endsAt)}.`;
  const count = hidden === 1 ? '1 alert still fires' : `${hidden} alerts still fire`;
  const firing =
    hidden === 0
      ? 'Nothing fires under it now.'
      : `${count} under it, and will be told again then unless you silence it for longer.`;
  const lines = sample.map(({ severity, labels }) => {
    const text = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
    return `• ${severity} ${codeMrkdwn(text.join(' '), 200)}`;
  });
  return {
    text: `${what} ${firing}`,
    blocks: [
      section(what),
      section(firing),
      ...sectionsOf(lines),
      actions('tocsin:silence', [endButton(id)]),
      context(`Made by ${escapeMrkdwn(createdBy, 100)}${comment === '' ? '' : `: ${escapeMrkdwn(comment, 200)}`}`),
    ],
    metadata: slackMetadata(silence, 'silence ends soon'),
  };
}
