import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from 'aws-lambda';
import { type FunctionName, functionTimeoutSeconds } from '#shared/runtime/wiring.ts';
import { account, region } from './engines/queues.ts';

/** A handler as Lambda calls it. */
export type LambdaFunction = (event: unknown, context: Context) => Promise<unknown>;
export type Functions = Readonly<Record<FunctionName, LambdaFunction>>;

export const functionNames = Object.keys(functionTimeoutSeconds) as FunctionName[];
export const functionArn = (name: FunctionName) => `arn:aws:lambda:${region}:${account}:function:tocsin-local-${name}`;

/** Loads every file of functions/. Only after the environment is set: a handler reads it at its first event. */
export async function loadFunctions(): Promise<Functions> {
  const loaded = await Promise.all(
    functionNames.map(async (name) => {
      const module: { handler?: LambdaFunction } = await import(
        new URL(`../functions/${name}.ts`, import.meta.url).href
      );
      if (module.handler === undefined) throw new Error(`functions/${name}.ts exports no handler`);
      return [name, module.handler] as const;
    }),
  );
  return Object.fromEntries(loaded) as Functions;
}

/** The function did not answer in its time. Unlike on Lambda it may still be running: its work is idempotent anyway. */
export class FunctionTimeout extends Error {
  override readonly name = 'FunctionTimeout';
}

/** Calls a function as Lambda does: with a context, and within its time. @throws FunctionTimeout, or what it threw */
export async function invoke(name: FunctionName, handler: LambdaFunction, event: unknown): Promise<unknown> {
  const seconds = functionTimeoutSeconds[name];
  const timer = new AbortController();
  try {
    return await Promise.race([
      handler(event, contextOf(name, performance.now() + seconds * 1000)),
      sleep(seconds * 1000, undefined, { signal: timer.signal }).then(() => {
        throw new FunctionTimeout(`${name} did not answer within ${seconds} s`);
      }),
    ]);
  } finally {
    timer.abort();
  }
}

function contextOf(name: FunctionName, deadline: number): Context {
  const ignore = () => {};
  return {
    functionName: `tocsin-local-${name}`,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn(name),
    memoryLimitInMB: '256',
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/tocsin-local-${name}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
    done: ignore,
    fail: ignore,
    succeed: ignore,
  };
}
