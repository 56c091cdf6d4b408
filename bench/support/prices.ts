import type { Usage } from './usage.ts';

/** AWS list prices in us-east-1, in dollars (aws.amazon.com pricing pages, 2025). */
const perMillion = {
  gatewayRequest: 3.5,
  lambdaRequest: 0.2,
  writeUnit: 0.625,
  readUnit: 0.125,
  queueRequest: 0.4,
  publish: 0.5,
  /** Step Functions Standard: $0.025 per 1,000. */
  transition: 25,
};
/** Lambda on Arm: $0.0000133334 per GB-second. A model, not a measurement: 256 MB for 100 ms an invocation. */
const lambdaComputePerMillion = 0.256 * 0.1 * 0.000_013_333_4 * 1e6;

/** Dollars for a million times this usage. Logs, storage and idle pollers are not in it. */
export const dollarsPerMillion = (usage: Usage): number =>
  usage.invocations * (perMillion.lambdaRequest + lambdaComputePerMillion) +
  usage.gatewayRequests * perMillion.gatewayRequest +
  usage.readUnits * perMillion.readUnit +
  usage.writeUnits * perMillion.writeUnit +
  usage.queueRequests * perMillion.queueRequest +
  usage.publishes * perMillion.publish +
  usage.transitions * perMillion.transition;
