/** What one function asked of AWS. */
export interface Usage {
  invocations: number;
  gatewayRequests: number;
  /** Calls of the table that wait for one another; what is asked at once is one. */
  tableWaves: number;
  tableReads: number;
  itemsRead: number;
  readUnits: number;
  tableWrites: number;
  itemsWritten: number;
  writeUnits: number;
  queueRequests: number;
  publishes: number;
  executions: number;
  transitions: number;
  /** Reads of secrets that a warm process answers from its cache are not requests. */
  secretReads: number;
  vendorCalls: number;
}

export const noUsage = (): Usage => ({
  invocations: 0,
  gatewayRequests: 0,
  tableWaves: 0,
  tableReads: 0,
  itemsRead: 0,
  readUnits: 0,
  tableWrites: 0,
  itemsWritten: 0,
  writeUnits: 0,
  queueRequests: 0,
  publishes: 0,
  executions: 0,
  transitions: 0,
  secretReads: 0,
  vendorCalls: 0,
});

const fields = Object.keys(noUsage()) as (keyof Usage)[];

export function addUsage(parts: Iterable<Usage>): Usage {
  const total = noUsage();
  for (const part of parts) for (const field of fields) total[field] += part[field];
  return total;
}

/** Requests of the AWS SDK by our functions: the gateway, the pollers and the vendors are not among them. */
export const sdkRequests = (usage: Usage): number =>
  usage.tableReads + usage.tableWrites + usage.queueRequests + usage.publishes + usage.executions + usage.secretReads;
