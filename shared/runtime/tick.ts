import { timerAt } from '../incident/dues.ts';
import type { Incident } from '../incident/incident.ts';
import { addSeconds, earliest, secondsBetween } from '../kernel/instant.ts';
import { loadIncident } from '../store/incident-store.ts';
import type { TickAnswer, TimerInput } from './ports.ts';
import { type CommandDeps, runCommand } from './run-command.ts';

/** A wait is at most a day; then the state machine asks again. */
const longestWaitSeconds = 86_400;
/**
 * One round of the state machine writes about 9 history events (Task 5, Choice 2, Wait 2), and an execution fails at
 * 25,000 (Step Functions quotas): some 2,700 rounds. From here on the next part takes over.
 */
const ticksPerExecution = 2_000;

/**
 * What the state machine does next: wait until an instant, or end. Does what is due through the same command as the sweep.
 * An execution of an earlier generation or part ends: its successor is started by the commit that replaced it.
 * @throws AdapterError when the table does not answer; the state machine asks again
 */
export async function tick(deps: CommandDeps, input: TimerInput): Promise<TickAnswer> {
  const incident = await loadIncident(deps.table, input.incidentId);
  if (!isCurrent(incident, input)) return end(input);
  const wakesAt = timerAt(incident);
  if (wakesAt === null) return end(input);
  const now = deps.clock.now();
  const handsOver = input.ticks >= ticksPerExecution;
  if (wakesAt > now && !handsOver) return wait(deps, incident, input);
  const { decision, incident: after } = await runCommand(deps, {
    incidentId: input.incidentId,
    command: {
      type: 'AdvanceIncident',
      generation: input.generation,
      timerPart: input.part,
      dueAt: incident.dueAt,
      startNewPart: handsOver,
    },
    actor: { kind: 'tocsin', id: 'tocsin', name: 'Tocsin' },
    commandId: null,
    correlationId: `${input.incidentId}-${input.generation}-${input.part}`,
    loaded: incident,
  });
  if (decision.outcome === 'accepted' && wakesAt <= now) {
    deps.metrics.count('EscalationLateness', secondsBetween(wakesAt, now));
  }
  return isCurrent(after, input) ? wait(deps, after, input) : end(input);
}

/** True while this execution is the incident's timer. */
const isCurrent = (incident: Incident | null, { generation, part }: TimerInput): incident is Incident =>
  incident !== null && incident.generation === generation && incident.timerPart === part;

function wait(deps: CommandDeps, incident: Incident, input: TimerInput): TickAnswer {
  const wakesAt = timerAt(incident);
  if (wakesAt === null) return end(input);
  const latestWait = addSeconds(deps.clock.now(), longestWaitSeconds);
  return { ...input, ticks: input.ticks + 1, next: 'wait', dueAt: earliest(wakesAt, latestWait) };
}

const end = (input: TimerInput): TickAnswer => ({ ...input, next: 'done', dueAt: null });
