import type { Incident } from '#shared/incident/incident.ts';
import type { PageRow } from '#shared/notification/page.ts';
import type { IncidentEvent } from '#shared/timeline/events.ts';
import { tokens } from './tokens.ts';

/** What the operator API tells, as far as these tests read it. */
export type IncidentView = Pick<
  Incident,
  'id' | 'number' | 'title' | 'status' | 'severity' | 'generation' | 'firing' | 'alertsTotal' | 'sample' | 'openedAt'
> & { readonly name: string };

export interface EventView {
  readonly at: string;
  readonly type: IncidentEvent['type'];
  readonly sentence: string;
}

type Product = { readonly url: string };

export async function request<T>({ url }: Product, path: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(`${url}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${tokens.operator}`, 'content-type': 'application/json', ...init.headers },
    signal: AbortSignal.timeout(15_000),
  });
  if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** Every incident that ever was, the oldest first. */
export async function listIncidents(product: Product): Promise<readonly IncidentView[]> {
  type Page = { readonly incidents: readonly IncidentView[]; readonly next: string | null };
  const all: IncidentView[] = [];
  let cursor = '';
  do {
    const page: Page = await request(product, `/v1/incidents?status=all${cursor}`);
    all.push(...page.incidents);
    cursor = page.next === null ? '' : `&cursor=${encodeURIComponent(page.next)}`;
  } while (cursor !== '');
  return all.sort((a, b) => a.number - b.number);
}

export const readIncident = async (product: Product, number: number): Promise<IncidentView> =>
  (await request<{ incident: IncidentView }>(product, `/v1/incidents/${number}`)).incident;

export const readTimeline = async (product: Product, number: number): Promise<readonly EventView[]> =>
  (await request<{ events: readonly EventView[] }>(product, `/v1/incidents/${number}/timeline`)).events;

export type PageView = Pick<PageRow, 'generation' | 'step' | 'round' | 'target' | 'state' | 'owedAt' | 'endedAt'>;

export const readPages = async (product: Product, number: number): Promise<readonly PageView[]> =>
  (await request<{ pages: readonly PageView[] }>(product, `/v1/incidents/${number}/why`)).pages;

/** The explanation of each page and each non-page, line by line. */
export const readWhy = async (product: Product, number: number): Promise<readonly string[]> =>
  (await request<{ lines: readonly { readonly text: string }[] }>(product, `/v1/incidents/${number}/why`)).lines.map(
    ({ text }) => text,
  );

/** What the sandbox's page draws, as far as these tests read it. */
export interface SandboxView {
  readonly slack: {
    readonly channels: readonly { readonly name: string; readonly messages: readonly { readonly text: string }[] }[];
  } | null;
  readonly pagerduty: {
    readonly notifications: readonly unknown[];
    readonly alerts: readonly { readonly status: string }[];
  } | null;
  /** What went to the fallback, and to alarms and SMS: also when the vendors are elsewhere. */
  readonly fallback: readonly { readonly topic: string; readonly message: string }[];
}

export async function readSandbox({ url }: Product): Promise<SandboxView> {
  const response = await fetch(`${url}/sandbox/api/state`, { signal: AbortSignal.timeout(15_000) });
  return (await response.json()) as SandboxView;
}

/** One line per page: where it went, and what became of it. */
export const ledgerOf = (pages: readonly PageView[]): readonly string[] =>
  pages
    .map(({ generation, step, round, target, state }) => `${generation}.${step}.${round} ${target}: ${state}`)
    .sort();
