import { addSeconds } from '#shared/kernel/instant.ts';
import { lambdaHandler } from '#shared/runtime/lambda.ts';
import { sqsQueues } from '#shared/runtime/production-deps/queues.ts';
import { dynamoTable } from '#shared/runtime/production-deps/table.ts';
import { stepFunctionTimers } from '#shared/runtime/production-deps/timers.ts';
import { snsTopics } from '#shared/runtime/production-deps/topics.ts';
import type { SweepDeps } from '#shared/runtime/sweep/due-actions.ts';
import { runSweep } from '#shared/runtime/sweep/run-sweep.ts';
import { functionTimeoutSeconds } from '#shared/runtime/wiring.ts';

/** What is under way when the time is up can end within these seconds. */
const reserveSeconds = 10;

/** Every minute: what is due and not done, by a path that needs neither stream nor state machine. */
export const makeHandler =
  (deps: SweepDeps) =>
  (_event: unknown): Promise<void> =>
    runSweep(deps, addSeconds(deps.clock.now(), functionTimeoutSeconds.sweep - reserveSeconds));

export const handler = lambdaHandler(makeHandler, {
  table: dynamoTable,
  queues: sqsQueues,
  timers: stepFunctionTimers,
  topics: snsTopics,
});
