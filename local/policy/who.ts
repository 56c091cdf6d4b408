import { parseDuration } from '#shared/config/duration.ts';
import type { Policy } from '#shared/config/policy.ts';
import { isTimeZone } from '#shared/config/time-zone.ts';
import { isSeverity } from '#shared/incident/severity.ts';
import { fromEpochMillis, type Instant } from '#shared/kernel/instant.ts';
import { fail, type Result, succeed } from '#shared/kernel/result.ts';
import { predict } from '#shared/prediction/predict.ts';
import type { Prediction, Question } from '#shared/prediction/prediction.ts';
import { longestHorizonSeconds, readLabels, readWhen } from '#shared/prediction/read-question.ts';
import { showPrediction } from '#shared/prediction/show-prediction.ts';
import { type ExitCode, type Given, type LoadPolicy, notUnderstood, readOptions, textOf } from './question-options.ts';

const texts = ['at', 'alert', 'zone', 'source', 'file', 'severity', 'horizon', 'acknowledged'] as const;

/** `npm run policy -- who`: who is told of an alert, as the policy file says. 3 when nobody is paged. */
export function runWho(args: readonly string[], load: LoadPolicy): ExitCode {
  const given = readOptions(args, texts, ['json', 'posted']);
  if (!given.ok) return notUnderstood(given.problem);
  const policy = load(textOf(given.value, 'file') ?? given.value.files[0]);
  if (policy === null) return 1;
  const timeZone = textOf(given.value, 'zone') ?? policy.workingHours.timeZone;
  const question = readQuestion(given.value, policy, timeZone);
  if (!question.ok) return notUnderstood(question.problem);
  const prediction = predict(policy, question.value, { overrides: [], silences: [] });
  if (given.value.options.json === true) console.log(JSON.stringify({ prediction }, null, 2));
  else console.log([...showPrediction(prediction, timeZone), ...caveats(policy)].join('\n'));
  return pagesSomebody(prediction) ? 0 : 3;
}

const pagesSomebody = (prediction: Prediction): boolean =>
  prediction.outcome === 'told' &&
  prediction.incidents.some(({ moments }) =>
    moments.some((moment) => moment.kind === 'step' && moment.pages.length > 0),
  );

/** What a file cannot know. */
const caveats = ({ schedules }: Policy): readonly string[] => [
  '',
  `The file knows no silences${Object.keys(schedules).length > 0 ? ' and no overrides' : ''} that people made: "/incident who" and POST /v1/simulations do.`,
];

function readQuestion(given: Given, policy: Policy, timeZone: string): Result<Question> {
  if (!isTimeZone(timeZone)) return fail(`${timeZone} is no time zone. Fix: name one such as Europe/Berlin.`);
  const alert = textOf(given, 'alert');
  if (alert === null) return fail('No alert is given. Fix: add --alert severity=critical,service=checkout');
  const labels = readLabels(alert);
  if (!labels.ok) return labels;
  const at = readInstant(given, 'at', timeZone);
  if (!at.ok) return at;
  const acknowledgedAt = readInstant(given, 'acknowledged', timeZone);
  if (!acknowledgedAt.ok) return acknowledgedAt;
  const source = readSource(given, policy);
  if (!source.ok) return source;
  const severity = textOf(given, 'severity');
  if (severity !== null && !isSeverity(severity))
    return fail(`${severity} is no severity. Fix: SEV1, SEV2, SEV3 or SEV4.`);
  const horizonSeconds = readHorizon(given);
  if (!horizonSeconds.ok) return horizonSeconds;
  return succeed({
    labels: labels.value,
    at: at.value ?? fromEpochMillis(Date.now()),
    source: source.value,
    arrival: given.options.posted === true ? 'posted' : 'webhook',
    severity,
    horizonSeconds: horizonSeconds.value,
    acknowledgedAt: acknowledgedAt.value,
  });
}

function readInstant(given: Given, name: string, timeZone: string): Result<Instant | null> {
  const text = textOf(given, name);
  if (text === null) return succeed(null);
  const when = readWhen(text, timeZone);
  return when.ok ? when : fail(`--${name}: ${when.problem}`);
}

/** A source decides only which heartbeat an alert is; the first one is as good as any. */
function readSource(given: Given, { sources }: Policy): Result<string> {
  const names = Object.keys(sources);
  const source = textOf(given, 'source') ?? names[0] ?? 'operators';
  const known = [...names, 'operators', 'tocsin'];
  return known.includes(source)
    ? succeed(source)
    : fail(`There is no source ${JSON.stringify(source)}. Fix: name one of ${known.join(', ')}.`);
}

function readHorizon(given: Given): Result<number | null> {
  const text = textOf(given, 'horizon');
  const seconds = text === null ? null : parseDuration(text);
  if (text !== null && (seconds === null || seconds === 0))
    return fail(`--horizon ${text} is no duration. Fix: write one such as 6h.`);
  return seconds !== null && seconds > longestHorizonSeconds
    ? fail(`--horizon ${text} is longer than 30d. Fix: ask for a shorter time, or for a later one with --at.`)
    : succeed(seconds);
}
