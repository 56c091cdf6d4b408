import type { APIGatewayProxyEvent } from 'aws-lambda';
import { verifySlackSignature } from '../../adapters/slack/verify.ts';
import { AdapterError } from '../../kernel/adapter-error.ts';
import type { Deps } from '../deps.ts';
import { bodyBytes } from '../http-request.ts';
import type { Problem } from '../problem.ts';

type VerifyDeps = Pick<Deps, 'secrets' | 'clock' | 'log' | 'metrics'>;
type SignedEvent = Pick<APIGatewayProxyEvent, 'headers' | 'body' | 'isBase64Encoded'>;

export type SlackIdentity = { readonly ok: true } | { readonly ok: false; readonly problem: Problem };

/**
 * Did Slack send this? Judged over the raw bytes, before anything of them is parsed. A signature that does not match may be
 * of a newer secret than our copy, so it forces one fresh look before the refusal (at most one per 10 s, by the port).
 */
export async function verifySlackRequest(deps: VerifyDeps, event: SignedEvent): Promise<SlackIdentity> {
  try {
    const cached = judge(deps, event, await deps.secrets.get('slack'));
    // A request of another time stays refused, whatever the secret is.
    if (cached === 'timestamp is not near') return refused(deps, cached);
    if (cached === 'accepted') return { ok: true };
    const fresh = judge(deps, event, await deps.secrets.get('slack', { fresh: true }));
    return fresh === 'accepted' ? { ok: true } : refused(deps, fresh);
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    deps.log.error('the signing secret of Slack cannot be read', { error });
    return { ok: false, problem: undecided };
  }
}

/** @throws AdapterError `invalid` when the secret holds no signing secret: then nobody can be known */
function judge({ clock }: VerifyDeps, event: SignedEvent, { signingSecret }: Readonly<Record<string, unknown>>) {
  if (typeof signingSecret !== 'string' || signingSecret === '') {
    throw new AdapterError('secrets-manager', 'invalid', 'secret slack: no signingSecret');
  }
  const verdict = verifySlackSignature(bodyBytes(event), event.headers ?? {}, signingSecret, clock.now());
  return verdict.outcome === 'accepted' ? verdict.outcome : verdict.reason;
}

function refused({ log, metrics }: VerifyDeps, reason: string): SlackIdentity {
  metrics.count('RequestsRefused', 1, { reason: 'not signed by Slack' });
  log.warn('a request to the Slack door was refused', { reason });
  const detail = `The request is not signed by Slack's app of this workspace: ${reason}. Check the signing secret.`;
  return { ok: false, problem: { status: 401, title: 'Not signed', detail } };
}

const undecided: Problem = {
  status: 503,
  title: 'Try again',
  detail: 'Tocsin cannot read its credentials at the moment, so it cannot tell whether Slack is calling.',
};

/**
 * Slack's look at the certificate (`ssl_check=1`), which need not be signed and asks for nothing but a 200 (PROTOCOLS 5.1).
 * Found without parsing: in a form `&` and `=` inside a value are escaped.
 */
export const isSslCheck = (event: SignedEvent): boolean => {
  const bytes = bodyBytes(event);
  return bytes.length <= 1024 && /(^|&)ssl_check=1(&|$)/.test(bytes.toString('latin1'));
};
