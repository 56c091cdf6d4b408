import type { APIGatewayProxyResult } from 'aws-lambda';
import { AdapterError } from '../../kernel/adapter-error.ts';
import { addMillis, type Instant } from '../../kernel/instant.ts';
import { sweepHeartbeatKey } from '../../store/keys.ts';
import type { Deps } from '../deps.ts';
import { jsonAnswer, problem } from '../problem.ts';
import { within } from '../within.ts';

export type ReadinessDeps = Pick<Deps, 'table' | 'queues' | 'secrets' | 'clock' | 'log'>;

/** A dependency that has not answered by then counts as gone: a probe waits for seconds, not for ever. */
const deadlineMillis = 1_500;
/** However often the door is asked, the dependencies are asked once in this time. */
const keptMillis = 10_000;

/** What Tocsin cannot work without, by the name that an answer gives it. Each probe is one cheap read. */
const probes: Readonly<Record<string, (deps: ReadinessDeps) => Promise<unknown>>> = {
  table: ({ table }) => table.get([sweepHeartbeatKey]),
  'ingest queue': ({ queues }) => queues.probe('ingest'),
  secrets: ({ secrets }) => secrets.get('operators'),
};

interface Kept {
  readonly until: Instant;
  readonly answer: Promise<APIGatewayProxyResult>;
}

/** Answers GET /readyz: 200 while every dependency answers, else 503 naming those that do not. */
export function makeReadiness(deps: ReadinessDeps): () => Promise<APIGatewayProxyResult> {
  let kept: Kept | null = null;
  return () => {
    const now = deps.clock.now();
    if (kept === null || now >= kept.until) kept = { until: addMillis(now, keptMillis), answer: probeAll(deps) };
    return kept.answer;
  };
}

async function probeAll(deps: ReadinessDeps): Promise<APIGatewayProxyResult> {
  const found = await Promise.all(
    Object.entries(probes).map(async ([name, probe]) => [name, await stateOf(deps, name, probe)] as const),
  );
  const dependencies = Object.fromEntries(found);
  const failing = found.filter(([, state]) => state !== 'ok').map(([name, state]) => `${name} (${state})`);
  if (failing.length === 0) return jsonAnswer(200, { status: 'ready', dependencies });
  return problem({
    status: 503,
    title: 'Not ready',
    detail: `Tocsin waits for: ${failing.join(', ')}.`,
    headers: { 'Retry-After': '10' },
    members: { dependencies },
  });
}

/** A word or two; never what the dependency said, which could name more than a stranger should read. */
async function stateOf(
  deps: ReadinessDeps,
  name: string,
  probe: (deps: ReadinessDeps) => Promise<unknown>,
): Promise<string> {
  const probed = await within(deps.clock, deadlineMillis, async () => probe(deps));
  if (probed.outcome === 'done') return 'ok';
  if (probed.outcome === 'too late') return 'no answer in time';
  deps.log.warn('a dependency is not ready', { dependency: name, error: probed.error });
  return probed.error instanceof AdapterError ? probed.error.reason : 'failed';
}
