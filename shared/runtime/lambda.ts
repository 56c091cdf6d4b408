/**
 * How a function becomes a Lambda handler. A file in functions/ ends with
 *
 *   export const handler = lambdaHandler(makeHandler, { table: dynamoTable, queues: sqsQueues });
 *
 * where `makeHandler(deps: Pick<Deps, 'table' | 'queues' | 'clock'>)` answers `(event, context) => Promise<answer>`.
 *
 * - Named are exactly the ports that load a client (the compiler refuses one too few and one too many). Their factories come from
 *   production-deps/, one file per port, so that a bundle holds only the clients that its function uses:
 *     table.ts dynamoTable · queues.ts sqsQueues · timers.ts stepFunctionTimers · blobs.ts s3Blobs · secrets.ts awsSecrets
 *     topics.ts snsTopics · sns-subscriptions.ts snsSubscriptions ·
 *     slack.ts slackApi · slack-responder.ts slackResponder · pagerduty.ts pagerDutyApi
 * - clock, ids, random, log, metrics, policy and settings are there without being named (basic-deps.ts).
 * - Importing the file does nothing. The first event builds the handler; each port is built at its first use.
 */
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { type BasicName, makeBasicDeps } from './basic-deps.ts';
import type { Deps } from './deps.ts';
import { once } from './env.ts';
import { describeError } from './logger.ts';
import { powertoolsLogger, powertoolsMetrics } from './powertools.ts';

export type Handle<Event, Answer> = (event: Event, context: Context) => Promise<Answer>;

/** A factory for each port of `Needed` that is not basic. */
export type PortFactories<Needed> = { readonly [Name in Exclude<keyof Needed, BasicName>]: () => Needed[Name] };

/** The handler that Lambda calls: with the request's id in every log line, and its counts written when it ends. */
export function lambdaHandler<Needed extends Partial<Deps>, Event, Answer>(
  makeHandler: (deps: Needed) => Handle<Event, Answer>,
  ports: NoInfer<PortFactories<Needed>>,
): Handle<Event, Answer> {
  const wrapped = once(() => {
    const handle = makeHandler(buildDeps<Needed>(ports));
    return middy<Event, Answer>()
      .use(injectLambdaContext(powertoolsLogger(), { logEvent: false }))
      .use(logMetrics(powertoolsMetrics()))
      .onError(({ error }) => powertoolsLogger().error('the function failed', { error: describeError(error) }))
      .handler((event: Event, context: Context) => handle(event, context));
  });
  return async (event, context) => wrapped()(event, context);
}

/** Basic deps, and each port behind a getter that builds it once. */
export function buildDeps<Needed extends Partial<Deps>>(ports: NoInfer<PortFactories<Needed>>): Needed {
  const deps: object = makeBasicDeps();
  for (const [name, make] of Object.entries<() => unknown>(ports)) {
    Object.defineProperty(deps, name, { get: once(make), enumerable: true });
  }
  // The compiler has checked `ports` against `Needed`; it cannot follow names through defineProperty.
  return deps as Needed;
}
