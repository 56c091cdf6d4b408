import { describe, expect, it } from 'vitest';
import { readStage, StageRefused, type StageSettings, stages } from '#infra/stage.ts';
import { toolkitContext } from './support/synthesize.ts';

const settings = (change: Readonly<Record<string, unknown>> = {}): StageSettings => {
  const { dev } = stages;
  if (dev === undefined) throw new Error('there is no dev');
  return { ...dev, ...change };
};
const refusal = (context: Readonly<Record<string, unknown>>, all?: Readonly<Record<string, StageSettings>>): string => {
  try {
    readStage(context, all);
  } catch (error) {
    if (error instanceof StageRefused) return error.message;
    throw error;
  }
  return 'accepted';
};

describe('the settings of an environment', () => {
  it('are those that -c environment names, beside the toolkit’s own context', () => {
    expect(readStage({ ...toolkitContext(), environment: 'dev' })).toEqual({ ...stages.dev, environment: 'dev' });
  });

  it.each([
    ['no environment', {}, 'Say which environment: -c environment=<name>, one of dev, prod.'],
    [
      'an unknown environment',
      { environment: 'staging' },
      'There is no environment "staging": infra/stage.ts has dev, prod. A new one is an object there and config/staging.yaml.',
    ],
    [
      'a name that every object has',
      { environment: 'constructor' },
      'There is no environment "constructor": infra/stage.ts has dev, prod. A new one is an object there and config/constructor.yaml.',
    ],
    [
      'a mistyped context key',
      { enviroment: 'dev' },
      'There is no context key "enviroment". Settings stand in infra/stage.ts; -c takes environment only.',
    ],
    [
      'a setting passed as context',
      { environment: 'dev', alarmEmail: 'a@b.example' },
      'There is no context key "alarmEmail". Settings stand in infra/stage.ts; -c takes environment only.',
    ],
  ])('are refused for %s', (_case, context, sentence) => {
    expect(refusal(context)).toBe(sentence);
  });

  it.each([
    ['a setting that does not exist', { logRetention: 3 }, 'infra/stage.ts, x: there is no setting logRetention.'],
    ['no subscriber of the alarms', { alarmEmail: '' }, 'infra/stage.ts, x: alarmEmail must be the e-mail address'],
    ['a concurrency that SQS refuses', { queueConcurrency: 1 }, 'infra/stage.ts, x: queueConcurrency must be from 2'],
    ['an address with a slash at its end', { publicUrl: 'https://a.example/' }, 'infra/stage.ts, x: publicUrl must be'],
    ['an address without TLS', { publicUrl: 'http://a.example' }, 'infra/stage.ts, x: publicUrl must be'],
  ])('are refused with %s', (_case, change, beginning) => {
    expect(refusal({ environment: 'x' }, { x: settings(change) }).slice(0, beginning.length)).toBe(beginning);
  });

  it('are refused when one is missing', () => {
    const { throttle: _, ...rest } = settings();
    const incomplete = rest as StageSettings;
    expect(refusal({ environment: 'x' }, { x: incomplete })).toBe(
      'infra/stage.ts, x: the setting throttle is missing.',
    );
  });

  it('are refused for a name that resources cannot have', () => {
    expect(refusal({ environment: 'Test-1' }, { 'Test-1': settings() })).toBe(
      'infra/stage.ts, Test-1: the name must be 1 to 12 lower-case letters and digits.',
    );
  });
});
