import { type Door, doors } from '#shared/runtime/wiring.ts';

export interface MatchedDoor {
  readonly door: Door;
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

/** The door of a request as API Gateway finds it: a literal segment wins over a parameter. Null: no such path or method. */
export function matchDoor(method: string, path: string, all: readonly Door[] = doors): MatchedDoor | null {
  const segments = path.split('/');
  let best: { readonly match: MatchedDoor; readonly literals: number } | null = null;
  for (const door of all) {
    if (door.method !== method) continue;
    const match = matchSegments(door, segments);
    if (match !== null && (best === null || match.literals > best.literals)) best = match;
  }
  return best?.match ?? null;
}

function matchSegments(door: Door, segments: readonly string[]) {
  const wanted = door.path.split('/');
  if (wanted.length !== segments.length) return null;
  const parameters: Record<string, string> = {};
  let literals = 0;
  for (const [index, want] of wanted.entries()) {
    const segment = segments[index] ?? '';
    const parameter = /^\{(\w+)\}$/.exec(want)?.[1];
    if (parameter === undefined) {
      if (want !== segment) return null;
      literals += 1;
      continue;
    }
    const value = decodeSegment(segment);
    if (value === null || value === '') return null;
    parameters[parameter] = value;
  }
  return { match: { door, pathParameters: literals === wanted.length ? null : parameters }, literals };
}

function decodeSegment(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
