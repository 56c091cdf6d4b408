import { lambdaHandler } from '#shared/runtime/lambda.ts';
import type { TickAnswer, TimerInput } from '#shared/runtime/ports.ts';
import { dynamoTable } from '#shared/runtime/production-deps/table.ts';
import type { CommandDeps } from '#shared/runtime/run-command.ts';
import { tick } from '#shared/runtime/tick.ts';

/** Asked by the state machine at each round: does what is due and answers until when to wait, or that it is done. */
export const makeHandler =
  (deps: CommandDeps) =>
  (input: TimerInput): Promise<TickAnswer> =>
    tick(deps, input);

export const handler = lambdaHandler(makeHandler, { table: dynamoTable });
