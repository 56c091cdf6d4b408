/** A broken invariant: a bug of ours, never a user's input. It is thrown, and the message goes to a dead-letter queue. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

export function assert(condition: unknown, invariant: string): asserts condition {
  if (!condition) throw new InvariantError(invariant);
}

/**
 * The default branch of every switch over a closed union: the compiler refuses a forgotten case. Later code, or a broken
 * message, can still bring one; then only its tag is named, because errors are logged and contents must not be.
 */
export function exhaustive(value: never): never {
  throw new InvariantError(`unhandled case: ${tagOf(value)}`);
}

/** Characters of a tag: ours are words. */
const longestTag = 60;

function tagOf(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, longestTag);
  if (typeof value !== 'object' || value === null) return typeof value;
  const tag = 'type' in value ? value.type : 'kind' in value ? value.kind : undefined;
  return typeof tag === 'string' ? tag.slice(0, longestTag) : 'an object without a tag';
}
