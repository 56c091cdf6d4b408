type Environment = Readonly<Record<string, string | undefined>>;

/** A setting is absent: found at the first use, so that a function needs only what it uses. */
export class MissingSetting extends Error {
  override readonly name = 'MissingSetting';
}

/** The value of an environment variable that must be there. @throws MissingSetting naming it (empty counts as absent) */
export function requireEnv(name: string, environment: Environment = process.env): string {
  const value = environment[name];
  if (value === undefined || value === '') throw new MissingSetting(`the environment variable ${name} is not set`);
  return value;
}

/** Null when the variable is absent or empty. */
export function optionalEnv(name: string, environment: Environment = process.env): string | null {
  const value = environment[name];
  return value === undefined || value === '' ? null : value;
}

/** Calls `make` at the first use and keeps its answer; what throws is tried again at the next use. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
