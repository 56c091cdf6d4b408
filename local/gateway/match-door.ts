import { type Door, doors } from '#shared/runtime/wiring.ts';

export interface MatchedDoor {
  readonly door: Door;
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

/**
 * The door of a request as API Gateway finds it: a literal segment wins over a parameter, a parameter over the rest of a path, and
 * a method by name over `ANY`. Null: no such path or method.
 */
export function matchDoor(method: string, path: string, all: readonly Door[] = doors): MatchedDoor | null {
  const segments = path.split('/');
  let best: { readonly match: MatchedDoor; readonly rank: number } | null = null;
  for (const door of all) {
    if (door.method !== method && door.method !== 'ANY') continue;
    const found = matchSegments(door, segments);
    if (found === null) continue;
    // The path decides first; of one path's methods the one by name.
    const rank = found.rank * 2 + (door.method === 'ANY' ? 0 : 1);
    if (best === null || rank > best.rank) best = { match: found.match, rank };
  }
  return best?.match ?? null;
}

/** How far a segment of a door's path is from saying nothing: a path with more literal ones wins. */
const literalRank = 1000;

function matchSegments(door: Door, segments: readonly string[]) {
  const wanted = door.path.split('/');
  const isGreedy = wanted.at(-1)?.endsWith('+}') === true;
  const given = isGreedy ? withRestJoined(segments, wanted.length) : segments;
  if (wanted.length !== given.length) return null;
  const parameters: Record<string, string> = {};
  for (const [index, want] of wanted.entries()) {
    const segment = given[index] ?? '';
    const parameter = parameterOf(want);
    if (parameter === undefined && want !== segment) return null;
    if (parameter === undefined) continue;
    const value = decodeSegment(segment);
    if (value === null || (value === '' && !isGreedy)) return null;
    parameters[parameter] = value;
  }
  const count = Object.keys(parameters).length;
  const rank = (wanted.length - count) * literalRank + (isGreedy ? 0 : count);
  return { match: { door, pathParameters: count === 0 ? null : parameters }, rank };
}

const parameterOf = (segment: string): string | undefined => /^\{(\w+)\+?\}$/.exec(segment)?.[1];

/** The segments from the last wanted one on are one. */
const withRestJoined = (segments: readonly string[], count: number): readonly string[] =>
  segments.length < count ? segments : [...segments.slice(0, count - 1), segments.slice(count - 1).join('/')];

function decodeSegment(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
