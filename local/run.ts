import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { compilePolicy } from './compile-policy.ts';
import { recordEndpoints } from './endpoints.ts';
import { takeDataDir } from './engines/data-dir.ts';
import { startEngines } from './engines/engines.ts';
import { bucketName } from './engines/queues.ts';
import { prepareTable } from './engines/table.ts';
import { applyEnvironment, functionEnvironment, tableName } from './environment.ts';
import { startEventSources } from './event-sources.ts';
import { type Functions, loadFunctions } from './functions.ts';
import { startGateway } from './gateway/gateway.ts';
import { statusSite } from './gateway/status-site.ts';
import { openSandbox } from './sandbox/sandbox.ts';
import type { Vendors } from './sandbox/vendors.ts';
import type { LocalSettings } from './settings.ts';

export interface RunningTocsin {
  /** Where it listens. */
  readonly url: string;
  readonly publicUrl: string;
  readonly vendors: Vendors;
  readonly policyWarnings: readonly string[];
  /** Ends everything, the engines too. */
  stop(): Promise<void>;
}

export interface RunOptions {
  /** Default: the files of functions/. Tests of the local run bring their own. */
  readonly loadFunctions?: () => Promise<Functions>;
  readonly report: (problem: string) => void;
}

/**
 * Starts the whole product in this process. One at a time: the functions read their settings from the process's
 * environment. What was started is ended again when a later part fails. @throws StartError
 */
export async function startTocsin(settings: LocalSettings, options: RunOptions): Promise<RunningTocsin> {
  const started: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of started.splice(0).reverse()) {
      await end().catch((error: unknown) => options.report(`while stopping: ${String(error)}`));
    }
  };
  try {
    return await startParts(settings, options, (end) => started.push(end), stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

type Started = (end: () => Promise<void>) => void;

async function startParts(
  settings: LocalSettings,
  options: RunOptions,
  started: Started,
  stop: () => Promise<void>,
): Promise<RunningTocsin> {
  const { policy, path: policyPath, warnings } = compilePolicy(settings);
  const gateway = await startGateway(settings.host, settings.port);
  started(gateway.stop);
  const releaseDataDir = takeDataDir(settings.dataDir);
  started(async () => releaseDataDir());
  const url = urlOf(settings.host, gateway.port);
  const publicUrl = settings.publicUrl ?? url;

  // Java takes a second to start, so what does not need it is loaded meanwhile.
  // A failure is thrown where it is awaited below; when the engines fail first, theirs is the one that is told.
  const loading = (options.loadFunctions ?? loadFunctions)();
  loading.catch(() => {});
  const engines = await startEngines(settings, policy, options.report, started);
  const restoreEnvironment = applyEnvironment(functionEnvironment({ ...engines.addresses, publicUrl, policyPath }));
  started(async () => restoreEnvironment());
  started(recordEndpoints(settings.dataDir, { pid: process.pid, url, sqs: engines.queues.endpoint }));
  const { vendors, notices } = engines;
  const call = startEventSources({
    dataDir: settings.dataDir,
    engines,
    streamArn: await prepareOwnTable(),
    functions: await loading,
    report: options.report,
    started,
  });
  const s3 = new S3Client();
  started(async () => s3.destroy());
  gateway.open({
    invoke: call,
    sites: {
      status: statusSite(s3, bucketName),
      sandbox: openSandbox({ settings, policy, vendors, notices, product: url, publicUrl }),
    },
    report: options.report,
  });
  return { url, publicUrl, vendors, policyWarnings: warnings, stop };
}

async function prepareOwnTable(): Promise<string> {
  const client = new DynamoDBClient();
  try {
    return await prepareTable(client, tableName);
  } finally {
    client.destroy();
  }
}

/** A wildcard address is no address to call. */
function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
