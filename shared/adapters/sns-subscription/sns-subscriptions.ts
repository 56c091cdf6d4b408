import { AdapterError } from '../../kernel/adapter-error.ts';
import type { SnsSubscriptions } from '../../runtime/ports.ts';
import { networkOutcome } from '../network-outcome.ts';

const service = 'sns';
/** A certificate has 2 KB; the answer to a confirmation is as short. */
const answerBytes = 64 * 1024;
/** SNS changes its certificate about once a year; each region has its own. */
const keptCertificates = 20;

/**
 * Fetches from SNS as its subscriber. The addresses were checked by the caller. Certificates are kept for the life of the
 * process: SNS names each by its hash. An address is in no error, because SubscribeURL holds a token.
 */
export function makeSnsSubscriptions(options: {
  /** Another server than the address's own: the stand-in of the local run. */
  readonly server?: string;
  readonly timeoutMillis: number;
}): SnsSubscriptions {
  const kept = new Map<string, Promise<string>>();

  async function get(address: string): Promise<string> {
    const url = new URL(address);
    const target = options.server === undefined ? url : new URL(`${url.pathname}${url.search}`, options.server);
    try {
      const response = await fetch(target, {
        redirect: 'error',
        headers: { connection: 'close' },
        signal: AbortSignal.timeout(options.timeoutMillis),
      });
      const text = await readBounded(response);
      if (response.status === 200) return text;
      const reason = response.status >= 500 || response.status === 429 ? 'unavailable' : 'invalid';
      throw new AdapterError(service, reason, `HTTP ${response.status}`);
    } catch (error) {
      if (error instanceof AdapterError) throw error;
      throw new AdapterError(service, 'unavailable', networkOutcome(error).reason);
    }
  }

  return {
    certificate(url) {
      const known = kept.get(url);
      if (known !== undefined) return known;
      const asked = get(url);
      if (kept.size >= keptCertificates) kept.delete([...kept.keys()][0] ?? '');
      kept.set(url, asked);
      // A failure is asked for again by the next message.
      asked.catch(() => kept.delete(url));
      return asked;
    },
    async confirm(url) {
      await get(url);
    },
  };
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > answerBytes) throw new AdapterError(service, 'invalid', `an answer of more than ${answerBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
