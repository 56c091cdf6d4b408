import type { Labels } from './labels.ts';
import type { CompiledMatcher } from './matcher.ts';

/**
 * Finds, among many lists of matchers, the few that can match an alert, without looking at the others. A list is filed
 * under one of its matchers: by the values that it names, or by the text with which a value must begin. A place where many
 * lists lie is an index of its own, by their other matchers. Lists that name nothing are always candidates.
 */
export interface MatcherIndex {
  readonly byName: ReadonlyMap<string, LabelIndex>;
  /** Positions of the lists that nothing here rules out. */
  readonly always: readonly number[];
}

interface LabelIndex {
  readonly byValue: ReadonlyMap<string, Place>;
  /** By what a value begins with; "" for lists that need the label to be there, whatever its value. */
  readonly byPrefix: ReadonlyMap<string, Place>;
  /** Of the keys of `byPrefix`, each once. */
  readonly prefixLengths: readonly number[];
}

type Place = readonly number[] | MatcherIndex;

/** Asking so few lists costs less than another look at every label. */
const fewLists = 8;

/** A list on its way into the index, with the matchers that it is not yet filed under. */
interface Entry {
  readonly position: number;
  readonly open: readonly CompiledMatcher[];
}

/** A matcher as a place to file a list under. */
interface Handle {
  readonly matcher: CompiledMatcher;
  readonly kind: 'value' | 'prefix';
  readonly texts: readonly string[];
}

/** Values that a missing label does not satisfy, or a text that every accepted value begins with. */
function handleOf(matcher: CompiledMatcher): Handle | null {
  const { values, prefix } = matcher;
  if (values !== null && !values.includes('')) return { matcher, kind: 'value', texts: values };
  return prefix === '' ? null : { matcher, kind: 'prefix', texts: [prefix] };
}

const keysOf = ({ matcher: { matcher }, kind, texts }: Handle): readonly string[] =>
  texts.map((text) => `${kind} ${matcher.name.length} ${matcher.name}${text}`);

/** A list is best filed where the fewest others could be. */
function chooseHandle({ open }: Entry, counts: ReadonlyMap<string, number>): Handle | null {
  let chosen: { readonly handle: Handle; readonly crowd: number } | null = null;
  for (const handle of open.flatMap((matcher) => handleOf(matcher) ?? [])) {
    const crowd = keysOf(handle).reduce((sum, key) => sum + (counts.get(key) ?? 0), 0);
    if (chosen === null || crowd < chosen.crowd) chosen = { handle, crowd };
  }
  if (chosen !== null) return chosen.handle;
  // Asked last, because it compiles regular expressions that may never be needed.
  const needed = open.find((matcher) => !matcher.accepts(''));
  return needed === undefined ? null : { matcher: needed, kind: 'prefix', texts: [''] };
}

type Draft = Readonly<Record<Handle['kind'], Map<string, Entry[]>>>;

function buildIndex(entries: readonly Entry[]): MatcherIndex {
  const counts = new Map<string, number>();
  for (const key of entries.flatMap(({ open }) => open.flatMap((one) => handleOf(one) ?? []).flatMap(keysOf))) {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const drafts = new Map<string, Draft>();
  const always: number[] = [];
  for (const entry of entries) {
    const handle = chooseHandle(entry, counts);
    if (handle === null) always.push(entry.position);
    else file(drafts, entry, handle);
  }
  return { byName: new Map([...drafts].map(([name, draft]) => [name, finish(draft)])), always };
}

function file(drafts: Map<string, Draft>, { position, open }: Entry, { matcher, kind, texts }: Handle): void {
  const { name } = matcher.matcher;
  const draft = drafts.get(name) ?? { value: new Map<string, Entry[]>(), prefix: new Map<string, Entry[]>() };
  drafts.set(name, draft);
  const filed = { position, open: open.filter((other) => other !== matcher) };
  for (const text of texts) {
    const place = draft[kind].get(text);
    if (place === undefined) draft[kind].set(text, [filed]);
    else place.push(filed);
  }
}

const finish = ({ value, prefix }: Draft): LabelIndex => ({
  byValue: new Map([...value].map(([text, entries]) => [text, makePlace(entries)])),
  byPrefix: new Map([...prefix].map(([text, entries]) => [text, makePlace(entries)])),
  prefixLengths: [...new Set([...prefix.keys()].map((text) => text.length))],
});

/** Each level uses up one matcher of every list, so there are at most as many as the longest list has matchers. */
const makePlace = (entries: readonly Entry[]): Place =>
  entries.length <= fewLists ? entries.map(({ position }) => position) : buildIndex(entries);

/** Files each list; its position in `lists` stands for it. */
export const indexMatchers = (lists: readonly (readonly CompiledMatcher[])[]): MatcherIndex =>
  buildIndex(lists.map((open, position) => ({ position, open })));

/**
 * Positions of the lists that may match these labels, each once and in no order; the caller still asks each. Costs some
 * looks for each label of the alert, however many lists there are.
 */
export function findCandidates(index: MatcherIndex, labels: Labels): number[] {
  const found: number[] = [];
  collect(index, Object.entries(labels), found);
  return found;
}

function collect({ byName, always }: MatcherIndex, labels: readonly (readonly [string, string])[], found: number[]) {
  const take = (place: Place | undefined) => {
    if (place === undefined) return;
    if ('byName' in place) collect(place, labels, found);
    else for (const position of place) found.push(position);
  };
  take(always);
  for (const [name, value] of labels) {
    const label = value === '' ? undefined : byName.get(name);
    if (label === undefined) continue;
    take(label.byValue.get(value));
    // A value shorter than a prefix would be cut to itself, and its own place found a second time.
    for (const length of label.prefixLengths)
      if (length <= value.length) take(label.byPrefix.get(value.slice(0, length)));
  }
}
