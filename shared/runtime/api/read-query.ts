import type { APIGatewayProxyEvent } from 'aws-lambda';
import { badRequest, found, type Read } from '../read-value.ts';

/** Reads one parameter of the query; `values` are all that the caller gave it, in order. */
export type ParameterReader<T> = (values: readonly string[], name: string) => Read<T>;
type QueryEvent = Pick<APIGatewayProxyEvent, 'queryStringParameters' | 'multiValueQueryStringParameters'>;

/** All parameters of a list at once; the first that is wrong is told. Unknown ones are not looked at. */
export function readQuery<T extends object>(
  event: QueryEvent,
  readers: { readonly [Name in keyof T]: ParameterReader<T[Name]> },
): Read<T> {
  const values: Record<string, unknown> = {};
  for (const [name, reader] of Object.entries<ParameterReader<unknown>>(readers)) {
    const read = reader(valuesOf(event, name), name);
    if (!read.ok) return read;
    values[name] = read.value;
  }
  // The compiler cannot follow names through Object.entries; each reader has the type that its name asks for.
  return found(values as T);
}

function valuesOf(event: QueryEvent, name: string): readonly string[] {
  const many = event.multiValueQueryStringParameters?.[name];
  if (many !== undefined) return many;
  const one = event.queryStringParameters?.[name];
  return one === undefined ? [] : [one];
}

/** A whole number from 1 to `max`; `usual` when absent. */
export const limitOf =
  (usual: number, max: number): ParameterReader<number> =>
  (values, name) => {
    const text = values.at(-1);
    if (text === undefined) return found(usual);
    const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
    return limit >= 1 && limit <= max
      ? found(limit)
      : badRequest(`The parameter ${name} is a whole number from 1 to ${max}.`);
  };

/** `true`, `false`, or null when absent. */
export const flag: ParameterReader<boolean | null> = (values, name) => {
  const text = values.at(-1);
  if (text === undefined) return found(null);
  if (text === 'true' || text === 'false') return found(text === 'true');
  return badRequest(`The parameter ${name} is true or false.`);
};

/** One of a few words; null when absent. */
export const oneOf =
  <T extends string>(...choices: readonly T[]): ParameterReader<T | null> =>
  (values, name) => {
    const text = values.at(-1);
    if (text === undefined) return found(null);
    const choice = choices.find((each) => each === text);
    return choice === undefined ? badRequest(`The parameter ${name} is one of ${choices.join(', ')}.`) : found(choice);
  };

/** What an earlier page answered as `next`; null when absent. */
export const cursorOf =
  (shape: RegExp): ParameterReader<string | null> =>
  (values, name) => {
    const text = values.at(-1) ?? null;
    return text === null || shape.test(text)
      ? found(text)
      : badRequest(`The parameter ${name} is not one that this list answered as "next".`);
  };
