import { StoreError, type StoreErrorReason } from '@clarity/flags-core/ports';
import { retryAfterMs } from './reading-times.ts';

interface Verdict {
  readonly reason: StoreErrorReason;
  readonly remedy: string;
  readonly retryable: boolean;
}

/** What a status that is neither a document nor a redirect means. */
function verdictOf(status: number): Verdict {
  switch (status) {
    case 401:
    case 403:
    case 407:
      return {
        reason: 'unauthorized',
        remedy: 'check the credentials in headers and what they may read',
        retryable: false,
      };
    case 404:
    case 410:
      return { reason: 'not-found', remedy: 'publish a document there, or correct the address', retryable: false };
    case 429:
      return { reason: 'throttled', remedy: 'poll less often, or raise the limit', retryable: true };
    case 408:
    case 425:
      return { reason: 'unavailable', remedy: 'look at the server if this repeats', retryable: true };
    default:
      if (status >= 500) return { reason: 'unavailable', remedy: 'look at the server', retryable: true };
      return {
        reason: 'unavailable',
        remedy: 'the address must answer 200 with the document; check it by hand',
        retryable: false,
      };
  }
}

/** The error for an answer without a document. Nothing of its body is repeated: it may echo the request. */
export function statusError(response: Response, name: string, nowMs: number): StoreError {
  const { status, headers } = response;
  const { reason, remedy, retryable } = verdictOf(status);
  const waitMs = retryable ? retryAfterMs(headers, nowMs) : undefined;
  const asked = waitMs === undefined ? '' : ` and asked to wait ${Math.ceil(waitMs / 1000)} s`;
  return new StoreError(reason, `cannot read ${name}: the server answered ${status}${asked}; ${remedy}`, {
    retryable,
    ...(waitMs !== undefined && { retryAfterMs: waitMs }),
  });
}
