import { compileMatchers } from '#shared/alert/compile-matcher.ts';
import { fingerprintOf } from '#shared/alert/fingerprint.ts';
import type { Labels } from '#shared/alert/labels.ts';
import { equalMatchers, formatMatcher, isRegexOperator, type Matcher, matchesAll } from '#shared/alert/matcher.ts';
import { parseClassicMatcher } from '#shared/alert/matcher-classic.ts';
import type { Silence } from '#shared/silence/silence.ts';
import { activeSilencesFor, compileSilences } from '#shared/silence/silence-index.ts';
import { validateSilence } from '#shared/silence/validate-silence.ts';
import { type Comparison, type Difference, inChunks, joinComparisons } from './difference.ts';
import type { Amtool } from './programs.ts';

/** What is put into a real Alertmanager and asked of it and of us. */
export interface SilenceRun {
  readonly url: string;
  /** For the report: which Alertmanager. */
  readonly program: string;
  readonly drafts: readonly (readonly Matcher[])[];
  readonly alerts: readonly Labels[];
  readonly filters: readonly string[];
  /** What each amtool asks for, and where it runs. */
  readonly queries: readonly (readonly Matcher[])[];
  readonly amtools: readonly Amtool[];
  readonly folder: string;
}

const [startsAt, now, endsAt] = ['2020-01-01T00:00:00.000Z', '2020-06-01T00:00:00.000Z', '2100-01-01T00:00:00.000Z'];

const ask = async (url: string, body?: unknown): Promise<{ readonly status: number; readonly json: unknown }> => {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(30_000),
    ...(body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text === '' ? null : JSON.parse(text) };
};

const silenceOf = (id: string, matchers: readonly Matcher[]): Silence => ({
  schema: 1,
  version: 1,
  id,
  matchers,
  startsAt,
  endsAt,
  createdBy: 'a',
  comment: 'c',
  createdAt: startsAt,
  updatedAt: startsAt,
});

/** Each draft is taken or refused by both; those that were taken, with the id that Alertmanager gave. */
async function makeSilences(run: SilenceRun): Promise<{ comparison: Comparison; silences: readonly Silence[] }> {
  const silences: Silence[] = [];
  const comparison = await inChunks(run.drafts, 1, async ([matchers = []]) => {
    const posted = matchers.map(({ name, operator, value }) => {
      return { name, value, isRegex: isRegexOperator(operator), isEqual: operator === '=' || operator === '=~' };
    });
    const draft = { matchers: posted, startsAt, endsAt, createdBy: 'a', comment: 'c' };
    const theirs = await ask(`${run.url}/api/v2/silences`, draft);
    const ours = validateSilence({ matchers, startsAt, endsAt, createdBy: 'a', comment: 'c' }, now);
    if (theirs.status === 200) silences.push(silenceOf((theirs.json as { silenceID: string }).silenceID, matchers));
    const difference = { part: 'silence accepted', program: run.program, input: matchers, theirs, ours };
    return { cases: 1, differences: (theirs.status === 200) === ours.ok ? [] : [difference] };
  });
  return { comparison, silences };
}

interface GettableAlert {
  readonly labels: Labels;
  readonly fingerprint: string;
  readonly status: { readonly silencedBy: readonly string[] };
}

const theirAlerts = async (run: SilenceRun, query: string): Promise<readonly GettableAlert[]> =>
  (await ask(`${run.url}/api/v2/alerts${query}`)).json as readonly GettableAlert[];

/** Every alert against every silence: one question a pair. */
async function compareSilenced(run: SilenceRun, silences: readonly Silence[]): Promise<Comparison> {
  const index = compileSilences(silences);
  const differences: Difference[] = [];
  const alerts = await theirAlerts(run, '');
  for (const { labels, fingerprint, status } of alerts) {
    const theirs = [...status.silencedBy].sort();
    const ours = activeSilencesFor(index, labels, now)
      .map(({ id }) => id)
      .sort();
    const only = (some: readonly string[], others: readonly string[]) =>
      silences.filter(({ id }) => some.includes(id) && !others.includes(id)).map(({ matchers }) => matchers);
    if (theirs.join() !== ours.join()) {
      differences.push({
        part: 'silenced alert',
        program: run.program,
        input: labels,
        theirs: only(theirs, ours),
        ours: only(ours, theirs),
      });
    }
    if (fingerprint !== fingerprintOf(labels)) {
      const [theirs, ours] = [fingerprint, fingerprintOf(labels)];
      differences.push({ part: 'fingerprint', program: run.program, input: labels, theirs, ours });
    }
  }
  return { cases: alerts.length * (silences.length + 1), differences };
}

const verdict = (run: SilenceRun, part: string, input: unknown, [theirs, ours]: readonly [unknown, unknown]) => ({
  cases: 1,
  differences:
    JSON.stringify(theirs) === JSON.stringify(ours) ? [] : [{ part, program: run.program, input, theirs, ours }],
});

const keysOf = (json: unknown, key: string): unknown =>
  Array.isArray(json) ? json.map((one) => String(one[key])).sort() : json;

/** Filters of the API: by meaning for alerts, word for word for silences. The same texts are refused for both. */
function compareFilters(
  run: SilenceRun,
  list: 'alerts' | 'silences',
  ourKeys: (matcher: Matcher) => readonly string[],
): Promise<Comparison> {
  return inChunks(run.filters, 1, async ([text = '']) => {
    const theirs = await ask(`${run.url}/api/v2/${list}?filter=${encodeURIComponent(text)}`);
    const parsed = parseClassicMatcher(text);
    if (!parsed.ok) return verdict(run, `filter of ${list} refused`, text, [theirs.status, 400]);
    const key = list === 'alerts' ? 'fingerprint' : 'id';
    return verdict(run, `${list} by filter`, text, [keysOf(theirs.json, key), [...ourKeys(parsed.value)].sort()]);
  });
}

function alertsThatMatch(alerts: readonly GettableAlert[], matcher: Matcher): readonly string[] {
  const compiled = compileMatchers([matcher]);
  if (!compiled.ok) return [compiled.problem];
  return alerts.filter(({ labels }) => matchesAll(compiled.value, labels)).map(({ labels }) => fingerprintOf(labels));
}

/** `amtool silence query`, which reads the texts by itself, prints them anew and asks with them all. */
function compareQueries(run: SilenceRun, silences: readonly Silence[]): Promise<Comparison> {
  const queries = run.amtools.flatMap((amtool) =>
    run.queries.map((matchers) => ({ amtool, matchers, texts: matchers.map(formatMatcher) })),
  );
  return inChunks(queries, 1, async ([query]) => {
    if (query === undefined) return { cases: 0, differences: [] };
    const { amtool, matchers, texts } = query;
    const flags = [`--alertmanager.url=${run.url}`, '--no-version-check', '--output=json'];
    const { output } = await amtool.run(['silence', 'query', ...flags, '--', ...texts], run.folder);
    const ours = silences.filter((silence) =>
      matchers.every((one) => silence.matchers.some((other) => equalMatchers(one, other))),
    );
    // The newest writes warnings about its two grammars before the answer.
    const theirs = keysOf(JSON.parse(output.slice(output.search(/^\[/m))), 'id');
    return verdict(run, `${amtool.name} silence query`, texts, [theirs, ours.map(({ id }) => id).sort()]);
  });
}

/** Silences, alerts and filters, decided by a real Alertmanager over its API and by our own functions. */
export async function compareSilences(run: SilenceRun): Promise<Comparison> {
  const posted = await ask(
    `${run.url}/api/v2/alerts`,
    run.alerts.map((labels) => ({ labels, endsAt })),
  );
  if (posted.status !== 200) throw new Error(`${run.program} refused the alerts: ${JSON.stringify(posted)}`);
  const alerts = await theirAlerts(run, '');
  // Before there are silences: Alertmanager asks each of them for each alert that it lists.
  const byMeaning = await compareFilters(run, 'alerts', (matcher) => alertsThatMatch(alerts, matcher));
  const { comparison, silences } = await makeSilences(run);
  const silenced = await compareSilenced(run, silences);
  const wordForWord = await compareFilters(run, 'silences', (matcher) =>
    silences.filter(({ matchers }) => matchers.some((one) => equalMatchers(one, matcher))).map(({ id }) => id),
  );
  const queried = await compareQueries(run, silences);
  return joinComparisons([byMeaning, comparison, silenced, wordForWord, queried]);
}
