import { createVerify, X509Certificate } from 'node:crypto';
import { type SnsEnvelope, signedText } from '../../alert/sources/sns-envelope.ts';
import { type Instant, secondsBetween, toEpochMillis } from '../../kernel/instant.ts';

/** Why a message is not SNS's, or not any more; shown to the caller, so that each is a constant. */
export type SnsRejection =
  | 'the topic is of no source'
  | 'its Timestamp is not near'
  | 'its SignatureVersion is neither 1 nor 2'
  | 'its SigningCertURL is not of SNS in the region of the topic'
  | 'its certificate is not there'
  | 'its certificate cannot be read'
  | 'its certificate is not valid now'
  | 'its signature does not match';

/** SNS tries an HTTPS subscriber again for at most 3,600 s, whatever its delivery policy; five minutes for the clocks. */
const maxAgeSeconds = 3_900;
const maxAheadSeconds = 300;

/** Null: near enough to be no replay. */
export function rejectAge({ sentAt }: SnsEnvelope, now: Instant): SnsRejection | null {
  const age = secondsBetween(sentAt, now);
  return age > maxAgeSeconds || age < -maxAheadSeconds ? 'its Timestamp is not near' : null;
}

const algorithms: Readonly<Record<string, string>> = { '1': 'RSA-SHA1', '2': 'RSA-SHA256' };

export const rejectVersion = ({ signatureVersion }: SnsEnvelope): SnsRejection | null =>
  Object.hasOwn(algorithms, signatureVersion) ? null : 'its SignatureVersion is neither 1 nor 2';

/**
 * Did SNS sign this, with the certificate that it keeps at the address of the message? The address is what makes the
 * certificate SNS's (sns-address.ts), so that no chain is built here. Null: it did.
 */
export function rejectSignature(envelope: SnsEnvelope, pem: string, now: Instant): SnsRejection | null {
  const certificate = readCertificate(pem);
  if (certificate === null) return 'its certificate cannot be read';
  const { publicKey, validFromDate, validToDate } = certificate;
  const at = toEpochMillis(now);
  if (at < validFromDate.getTime() || at >= validToDate.getTime()) return 'its certificate is not valid now';
  const algorithm = algorithms[envelope.signatureVersion];
  if (algorithm === undefined) return 'its SignatureVersion is neither 1 nor 2';
  const isSigned =
    publicKey.asymmetricKeyType === 'rsa' &&
    createVerify(algorithm).update(signedText(envelope), 'utf8').verify(publicKey, envelope.signature, 'base64');
  return isSigned ? null : 'its signature does not match';
}

function readCertificate(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}
