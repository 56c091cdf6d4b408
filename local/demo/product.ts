/** What the demo reads of a product, over HTTP like everybody else. */

export interface Product {
  readonly url: string;
  readonly sourceToken: string;
  readonly operatorToken: string;
  readonly slackSigningSecret: string;
}

export interface IncidentView {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly sample: readonly { readonly labels: Readonly<Record<string, string>> }[];
}

export interface TimelineEvent {
  readonly type: string;
  readonly sentence: string;
}

export interface SandboxView {
  readonly slack: {
    readonly users: readonly { readonly id: string; readonly name: string }[];
    readonly channels: readonly {
      readonly id: string;
      readonly name: string;
      readonly direct: boolean;
      readonly messages: readonly { readonly text: string }[];
    }[];
  } | null;
  readonly pagerduty: {
    readonly notifications: readonly { readonly dedupKey: string; readonly summary: string }[];
  } | null;
}

const read = async <T>({ url, operatorToken }: Product, path: string): Promise<T> => {
  const response = await fetch(`${url}${path}`, {
    headers: { authorization: `Bearer ${operatorToken}` },
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`GET ${path} was answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
};

export const readIncidents = async (product: Product): Promise<readonly IncidentView[]> =>
  (await read<{ incidents: readonly IncidentView[] }>(product, '/v1/incidents')).incidents;

export const readTimeline = async (product: Product, number: number): Promise<readonly TimelineEvent[]> =>
  (await read<{ events: readonly TimelineEvent[] }>(product, `/v1/incidents/${number}/timeline`)).events;

/** Null where there is no sandbox, such as on AWS. */
export async function readSandbox({ url }: Product): Promise<SandboxView | null> {
  const response = await fetch(`${url}/sandbox/api/state`, { signal: AbortSignal.timeout(10_000) });
  return response.ok ? ((await response.json()) as SandboxView) : null;
}
