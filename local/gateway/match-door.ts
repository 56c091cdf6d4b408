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

function matchSegments(door: Door, segments: readonly string[]) {
  const wanted = door.path.split('/');
  const parameters: Record<string, string> = {};
  let rank = 0;
  for (const [index, want] of wanted.entries()) {
    const segment = segments[index];
    if (segment === undefined) return null;
    const [, parameter, greedy] = /^\{(\w+)(\+?)\}$/.exec(want) ?? [];
    if (parameter === undefined) {
      if (want !== segment) return null;
      rank += 1000;
      continue;
    }
    const value = decodeSegment(greedy === '+' ? segments.slice(index).join('/') : segment);
    if (value === null) return null;
    parameters[parameter] = value;
    if (greedy === '+') return { match: { door, pathParameters: parameters }, rank };
    if (value === '') return null;
    rank += 1;
  }
  if (wanted.length !== segments.length) return null;
  const pathParameters = Object.keys(parameters).length === 0 ? null : parameters;
  return { match: { door, pathParameters }, rank };
}

function decodeSegment(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
