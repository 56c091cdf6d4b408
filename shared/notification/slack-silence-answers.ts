import { formatMatchers } from '../alert/matcher.ts';
import { formatDuration } from '../config/duration.ts';
import { incidentName } from '../incident/incident.ts';
import { severities } from '../incident/severity.ts';
import type { Instant } from '../kernel/instant.ts';
import { matcherSetsOf, newestFirst, type Silence } from '../silence/silence.ts';
import type { SilenceReach } from '../silence/silence-reach.ts';
import { silenceStateAt } from '../silence/silence-state.ts';
import { codeMrkdwn, dateMrkdwn, escapeMrkdwn } from './escape-slack.ts';
import { actions, section, sectionsOf } from './slack-message.ts';
import { answer, type SlackAnswer } from './slack-outcome-answer.ts';
import { endButton, makeButton } from './slack-silence-buttons.ts';

/** Texts about silences, for who asked. The bounds hold the whole answer under Slack's 12,000 characters. */
const matchersLength = 400;
const listed = 10;

/** Such as `{alertname="Disk"}`; further sets behind an "or". */
export const silenceMrkdwn = (silence: Pick<Silence, 'matchers' | 'matcherSets'>): string =>
  codeMrkdwn(matcherSetsOf(silence).map(formatMatchers).join(' or '), matchersLength);

/** What it would hide now, and the button that makes it. `value` is the button's. */
export function answerProposal(
  silence: Silence,
  seconds: number,
  reach: SilenceReach,
  { warnings, value }: { readonly warnings: readonly string[]; readonly value: string },
): SlackAnswer {
  const duration = formatDuration(seconds);
  const title = `Silence ${silenceMrkdwn(silence)} for ${duration}?`;
  const { hidden, sample } = reach;
  const lines = sample.map(({ severity, labels }) => `• ${severity} ${codeMrkdwn(labelsText(labels), 200)}`);
  return answer(`${title} ${hidesText(reach)}`, [
    section(`*${title}*`),
    section(hidesText(reach)),
    ...sectionsOf([...lines, ...(hidden > sample.length ? [`…and ${hidden - sample.length} more`] : [])]),
    ...sectionsOf(incidentLines(reach)),
    ...(warnings.length === 0 ? [] : sectionsOf(warnings.slice(0, 4).map((each) => `⚠️ ${escapeMrkdwn(each, 500)}`))),
    actions('tocsin:silence', [makeButton(value, duration, warnings.length > 0)]),
  ]);
}

const labelsText = (labels: Silence['annotations']): string =>
  Object.entries(labels ?? {})
    .sort(([a], [b]) => (a === 'alertname' ? -1 : b === 'alertname' ? 1 : a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

function hidesText({ hidden, looked, alreadySuppressed, bySeverity, complete }: SilenceReach): string {
  if (hidden === 0) return `It hides nothing now, of ${alerts(looked)} that fire.`;
  const counts = severities.flatMap((each) => (bySeverity[each] ? [`${bySeverity[each]} of ${each}`] : []));
  const among = complete ? `${looked} that fire` : `the first ${looked} that fire`;
  const already = alreadySuppressed === 0 ? '' : `; ${alreadySuppressed} of them are held back already`;
  return `It hides ${alerts(hidden)} of ${among} now: ${counts.join(', ')}${already}.`;
}

const alerts = (count: number) => (count === 1 ? '1 alert' : `${count} alerts`);

function incidentLines({ incidents }: SilenceReach): readonly string[] {
  const lines = incidents.slice(0, listed).map(({ number, severity, title, firing, hidden, resolves }) => {
    const what = resolves ? 'resolves' : `keeps ${firing - hidden} of ${firing} alerts`;
    return `${incidentName(number)} ${severity} ${escapeMrkdwn(title, 100)}: *${what}*`;
  });
  return incidents.length > listed ? [...lines, `…and ${incidents.length - listed} more incidents`] : lines;
}

export const answerTooLongForButton = (): SlackAnswer =>
  answer('That is too long for a button of Slack. Make it with `POST /v1/silences` or amtool.');

export const answerCannotBe = (problem: string): SlackAnswer =>
  answer(`This cannot be a silence: ${escapeMrkdwn(problem, 500)}.`);

export const answerMade = (silence: Silence, again: boolean): SlackAnswer =>
  answer(
    `${again ? 'That was already done: silenced' : 'Silenced'} ${silenceMrkdwn(silence)} until ${dateMrkdwn(silence.endsAt)}. ` +
      `What it hides leaves its incident now. \`/incident unsilence ${silence.id}\` ends it.`,
  );

/** After the button of an incident. */
export const answerAlertsSilenced = (number: number, count: number, endsAt: Instant): SlackAnswer =>
  answer(
    `Silenced ${alerts(count)} of ${incidentName(number)} until ${count === 1 ? 'it resolves' : 'each resolves'}, ` +
      `at the latest ${dateMrkdwn(endsAt)}. \`/incident silences\` shows them.`,
  );

export const answerNothingFires = (number: number): SlackAnswer =>
  answer(`No alert of ${incidentName(number)} fires any more: there is nothing to silence.`);

export const answerTooManyAlerts = (number: number, count: number): SlackAnswer =>
  answer(
    `${incidentName(number)} has ${alerts(count)} firing, too many to silence one by one. ` +
      `\`/incident silence ${number} 2h\` silences what they share.`,
  );

export const answerNothingShared = (number: number): SlackAnswer =>
  answer(
    `The alerts of ${incidentName(number)} share no label. Name matchers: \`/incident silence alertname=Disk 2h\`.`,
  );

/** What became of each id; `silence` null: there is no such one. */
export function answerEnded(
  ended: readonly { readonly id: string; readonly silence: Silence | null; readonly was: 'ended' | 'expired' }[],
): SlackAnswer {
  const lines = ended.map(({ id, silence, was }) => {
    if (silence === null) return `There is no silence ${codeMrkdwn(id, 64)}. \`/incident silences\` shows them.`;
    const what = silenceMrkdwn(silence);
    return was === 'expired'
      ? `The silence of ${what} has ended already${byWhom(silence)}.`
      : `Ended the silence of ${what}. What still fires is told again.`;
  });
  return answer(
    lines.length === 1 ? (lines[0] ?? '') : `${lines.length} silences`,
    lines.length === 1 ? undefined : sectionsOf(lines),
  );
}

const byWhom = ({ endedBy }: Silence) => (endedBy === undefined ? '' : ` (by ${escapeMrkdwn(endedBy, 100)})`);

/** Active and pending ones, the newest first, at most 10, each with the button that ends it. */
export function answerSilences(silences: readonly Silence[], now: Instant): SlackAnswer {
  const current = silences.filter((each) => silenceStateAt(each, now) !== 'expired').sort(newestFirst);
  if (current.length === 0) return answer('Nothing is silenced.');
  const count = current.length === 1 ? '1 silence' : `${current.length} silences`;
  const rest = current.length - listed;
  return answer(`${count}.`, [
    section(`*${count}*`),
    ...current
      .slice(0, listed)
      .flatMap((silence) => [
        section(silenceLine(silence, now)),
        actions(`tocsin:silence:${silence.id}`, [endButton(silence.id)]),
      ]),
    ...(rest > 0 ? [section(`…and ${rest} more: \`GET /v1/silences\``)] : []),
  ]);
}

function silenceLine(silence: Silence, now: Instant): string {
  const { startsAt, endsAt, createdBy, comment, untilResolved, origin, id } = silence;
  const when = silenceStateAt(silence, now) === 'pending' ? `from ${dateMrkdwn(startsAt)} until` : 'until';
  const until = `${untilResolved === undefined ? '' : 'its alert resolves, at the latest '}${dateMrkdwn(endsAt)}`;
  const window = origin === undefined ? '' : `, maintenance window ${escapeMrkdwn(origin.window, 100)}`;
  const said = comment === '' ? '' : `: ${escapeMrkdwn(comment, 150)}`;
  return `${silenceMrkdwn(silence)} ${when} ${until}\nby ${escapeMrkdwn(createdBy, 100)}${window}${said} ${codeMrkdwn(id, 64)}`;
}
