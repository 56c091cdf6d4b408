import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { buildStacks } from '#infra/build-stacks.ts';
import { bundleFunctions, compilePolicy, type FunctionBundles } from '#infra/bundle.ts';
import { readStage, type Stage } from '#infra/stage.ts';
import type { Policy } from '#shared/config/policy.ts';

export interface Synthesized {
  readonly app: App;
  readonly stage: Stage;
  readonly policy: Policy;
  readonly bundles: FunctionBundles;
  readonly data: Resources;
  readonly service: Resources;
}

/** A resource of a template. Properties are whatever CloudFormation has: read them through `at`. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly [attribute: string]: unknown;
}

export interface Resources {
  readonly template: Template;
  all(type: string): readonly (readonly [id: string, resource: Resource])[];
  /** Logical id of the one resource of this type whose property has this value. */
  idOf(type: string, property: string, value: unknown): string;
}

const made = new Map<string, Promise<Synthesized>>();

/** Both stacks of an environment, from its real policy file: made once, read by every file of test/infra. */
export function synthesize(environment: 'dev' | 'prod'): Promise<Synthesized> {
  const existing = made.get(environment);
  if (existing !== undefined) return existing;
  const making = make(environment);
  made.set(environment, making);
  return making;
}

/** As the CDK's command line passes it, and with it the flags that decide what comes out. */
export const toolkitContext = (): Record<string, unknown> => JSON.parse(readFileSync('cdk.json', 'utf8')).context;
/** CloudFormation's own checks take two thirds of a synthesis and run in `npm run synth`. */
const quickly = { '@aws-cdk/core:validateAgainstDefaultRules': false };

async function make(environment: string): Promise<Synthesized> {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-infra-'));
  try {
    const stage = readStage({ environment, ...toolkitContext() });
    const bundles = await bundleFunctions({ outdir: join(directory, 'bundle'), environment });
    const policy = compilePolicy(environment, () => {});
    const app = new App({
      context: { ...toolkitContext(), ...quickly },
      outdir: join(directory, 'out'),
      analyticsReporting: false,
    });
    const { data, service } = buildStacks(app, { stage, policy, bundles });
    return { app, stage, policy, bundles, data: resourcesOf(data), service: resourcesOf(service) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function resourcesOf(stack: Parameters<typeof Template.fromStack>[0]): Resources {
  const template = Template.fromStack(stack);
  const all = (type: string) => Object.entries(template.findResources(type) as Record<string, Resource>);
  return {
    template,
    all,
    idOf(type, property, value) {
      const found = all(type).filter(([, { Properties }]) => Properties[property] === value);
      const [first] = found;
      if (first === undefined || found.length > 1) {
        throw new Error(`${found.length} resources ${type} with ${property} ${String(value)}`);
      }
      return first[0];
    },
  };
}

/** The value at a path of property names and indexes; undefined when there is none. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Record<string | number, unknown>)[step];
  }
  return found;
}

export const listAt = (value: unknown, ...path: readonly (string | number)[]): readonly unknown[] => {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
};
export const textAt = (value: unknown, ...path: readonly (string | number)[]): string => String(at(value, ...path));
