import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { expect, vi } from 'vitest';

/** A real local server that behaves as a vendor may, for adapters that are tested over the wire. */
export interface VendorServer {
  /** `http://127.0.0.1:1234` or its https form. */
  readonly origin: string;
  /** `127.0.0.1:1234`. */
  readonly host: string;
  /** The certificate authority of a TLS server, PEM; '' without TLS. */
  readonly ca: string;
  readonly requests: readonly VendorRequest[];
  /** One behaviour for every request, or one by one (the last stays). */
  behave(...behaviours: readonly VendorBehaviour[]): void;
  close(): Promise<void>;
}

export interface VendorRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type VendorBehaviour =
  | {
      readonly status: number;
      readonly body: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Reads the request and never answers. */
  | 'hangs'
  /** Reads the request and breaks the connection. */
  | 'resets'
  /** Begins a body and never ends it. */
  | 'hangs in the body'
  /** Begins a body and breaks the connection. */
  | 'resets in the body';

export async function startVendor(options: { readonly tls?: boolean } = {}): Promise<VendorServer> {
  const requests: VendorRequest[] = [];
  let behaviours: readonly VendorBehaviour[] = [{ status: 500, body: 'the test said no behaviour' }];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      });
      const [behaviour, ...later] = behaviours;
      if (later.length > 0) behaviours = later;
      if (behaviour !== undefined) perform(behaviour, request, response);
    });
  };
  const certificate = options.tls ? await makeCertificate() : null;
  const server =
    certificate === null
      ? createHttpServer(listener)
      : createHttpsServer({ key: certificate.private, cert: certificate.cert }, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    ca: certificate?.cert ?? '',
    requests,
    behave: (...next) => {
      behaviours = next;
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** A port on which nobody listens: it was just given back. */
export async function closedPort(): Promise<number> {
  const vendor = await startVendor();
  const port = Number(vendor.host.split(':')[1]);
  await vendor.close();
  return port;
}

function perform(behaviour: VendorBehaviour, request: IncomingMessage, response: ServerResponse): void {
  if (behaviour === 'hangs') return;
  if (behaviour === 'resets') {
    request.socket.destroy();
    return;
  }
  if (behaviour === 'hangs in the body' || behaviour === 'resets in the body') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"ok":', () => {
      if (behaviour === 'resets in the body') request.socket.destroy();
    });
    return;
  }
  const isText = typeof behaviour.body === 'string';
  response.writeHead(behaviour.status, {
    'content-type': isText ? 'text/html' : 'application/json; charset=utf-8',
    ...behaviour.headers,
  });
  response.end(isText ? behaviour.body : JSON.stringify(behaviour.body));
}

const makeCertificate = () =>
  generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });

/** Runs something and gives what it wrote to console, stdout and stderr. */
export async function captureOutput<T>(
  run: () => Promise<T>,
): Promise<{ readonly result: T; readonly output: string }> {
  const written: string[] = [];
  const note = (...parts: readonly unknown[]) => {
    written.push(parts.map((part) => (part instanceof Error ? `${part.stack}` : JSON.stringify(part))).join(' '));
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(note),
    vi.spyOn(process.stderr, 'write').mockImplementation(note),
    ...(['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(note),
    ),
  ];
  try {
    return { result: await run(), output: written.join('\n') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** No secret in any outcome, error (causes included) or log. */
export function expectNoSecret(secrets: readonly string[], ...told: readonly unknown[]): void {
  const text = told.map(flatten).join('\n');
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
}

const flatten = (value: unknown): string =>
  value instanceof Error
    ? [value.stack ?? '', JSON.stringify({ ...value }), flatten(value.cause)].join('\n')
    : `${JSON.stringify(value)}`;
