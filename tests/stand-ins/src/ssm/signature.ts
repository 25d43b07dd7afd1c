/** Looks at the signature header of a request as AWS does, up to recomputing it. */
import type { IncomingHttpHeaders } from 'node:http';
import { SsmRefusal } from './refusal.ts';

export interface Signed {
  readonly accessKeyId: string;
  readonly region: string;
  readonly sessionToken: string | undefined;
}

const SHAPE =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;
const MUST_SIGN = ['host', 'x-amz-date', 'x-amz-target'];
/** AWS takes a request whose clock is at most this far from its own. */
const CLOCK_SKEW_MS = 5 * 60 * 1000;

/** @throws SsmRefusal when the header is missing or malformed, scoped elsewhere, or dated too far from now. */
export function readSignature(headers: IncomingHttpHeaders, region: string, nowMs: number): Signed {
  const { authorization } = headers;
  if (authorization === undefined) throw new SsmRefusal('MissingAuthenticationTokenException');
  const [, accessKeyId = '', day = '', scopeRegion = '', scope = '', signedHeaders = ''] =
    SHAPE.exec(authorization) ?? [];
  if (accessKeyId === '') {
    throw new SsmRefusal(
      'IncompleteSignatureException',
      'Authorization header requires a Credential, SignedHeaders and Signature.',
    );
  }
  if (scope !== 'ssm') throw invalid(`Credential should be scoped to correct service: 'ssm'.`);
  if (scopeRegion !== region) throw invalid(`Credential should be scoped to a valid region, not '${scopeRegion}'.`);
  const missing = MUST_SIGN.filter((name) => !signedHeaders.split(';').includes(name));
  if (missing.length > 0) throw invalid(`'${missing.join(', ')}' must be a 'SignedHeader' in the AWS Authorization.`);
  refuseSkew(String(headers['x-amz-date']), day, nowMs);
  const token = headers['x-amz-security-token'];
  return { accessKeyId, region: scopeRegion, sessionToken: typeof token === 'string' ? token : undefined };
}

function refuseSkew(date: string, day: string, nowMs: number): void {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
  const signedAtMs = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
  if (Number.isNaN(signedAtMs) || !date.startsWith(day))
    throw invalid('Date in Credential scope does not match YYYYMMDD from X-Amz-Date.');
  if (Math.abs(nowMs - signedAtMs) > CLOCK_SKEW_MS) {
    const which = signedAtMs < nowMs ? 'Signature expired' : 'Signature not yet current';
    throw invalid(`${which}: ${date} is more than 5 min. from the time of this server.`);
  }
}

function invalid(message: string): SsmRefusal {
  return new SsmRefusal('InvalidSignatureException', message);
}
