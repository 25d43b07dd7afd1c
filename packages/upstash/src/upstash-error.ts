/**
 * What Upstash, its client or the network said, as a `StoreError`. Messages of the client hold whole commands and stay
 * out.
 */
import {
  calledOffError,
  isCalledOff,
  isStoreError,
  StoreError,
  type StoreErrorDetails,
  type StoreErrorReason,
} from '@clarity/flags-core/ports';
import { TOKEN_VARIABLES, URL_VARIABLES } from './variables.ts';

interface Verdict extends StoreErrorDetails {
  readonly reason: StoreErrorReason;
  /** Completes "cannot <attempt>: ". */
  readonly found: string;
}

const BAD_TOKEN: Verdict = {
  reason: 'unauthorized',
  found: `Upstash does not accept the token; check ${TOKEN_VARIABLES}, and that it belongs to the address in ${URL_VARIABLES}`,
};
const NO_RIGHT: Verdict = {
  reason: 'unauthorized',
  found: `the token has no permission for this command or key; publishing needs the token that may write (${TOKEN_VARIABLES}), or another ACL rule`,
};
const NOT_THE_API: Verdict = {
  reason: 'invalid',
  notADocument: true,
  retryable: true,
  found: `the answer is not that of the REST API; check ${URL_VARIABLES}, and for a proxy or captive portal on the way`,
};

/** By how a message begins. */
const MESSAGES: readonly (readonly [RegExp, Verdict])[] = [
  [/^(WRONGPASS|NOAUTH|Unauthorized)/i, BAD_TOKEN],
  [/^NOPERM/, NO_RIGHT],
  [
    /^WRONGTYPE/,
    {
      reason: 'invalid',
      found: 'the key holds another type than a hash, so it is not ours; choose another namespace, or delete that key',
    },
  ],
  [
    /^ERR max daily request limit|^ERR max requests limit|^ERR max .{0,40}limit exceeded|rate limit/i,
    {
      reason: 'throttled',
      found: 'the database has reached its request limit; raise the interval or the plan in the Upstash console',
    },
  ],
  [
    /^ERR max request size/i,
    {
      reason: 'too-large',
      found: 'the document is larger than a request of this plan; remove flags, or raise the plan',
    },
  ],
  [
    /^ERR max (record|value|entry) size/i,
    { reason: 'too-large', found: 'the document is larger than a value of this plan' },
  ],
  [/^READONLY/, { reason: 'unavailable', found: 'the database takes no writes now' }],
  [
    /^(LOADING|BUSY|TRYAGAIN|CLUSTERDOWN|MASTERDOWN)/,
    { reason: 'unavailable', found: 'the database is not ready; it may be later' },
  ],
  [
    /^OOM|^ERR max (data|storage|memory)/i,
    { reason: 'unavailable', found: 'the database is full; remove keys, or raise the plan' },
  ],
];

/** `attempt` completes "cannot ..."; it names key or channel and never address or token. */
export function upstashError(error: unknown, attempt: string): StoreError {
  if (isStoreError(error)) return error;
  if (isCalledOff(error)) return calledOffError(`the attempt to ${attempt}`);
  const { reason, found, ...details } = judge(error);
  // Without the cause: its message holds the command, and the command holds the document.
  return new StoreError(reason, `cannot ${attempt}: ${found}`, details);
}

/** What the API says in the member `error` of an answer, as the library throws it. */
export function upstashFailure(message: string): Error {
  return Object.assign(new Error(message), { name: 'UpstashError' });
}

/** An answer of another shape than the API's. */
export function notTheApi(attempt: string): StoreError {
  const { reason, found, ...details } = NOT_THE_API;
  return new StoreError(reason, `cannot ${attempt}: ${found}`, details);
}

function judge(error: unknown): Verdict {
  if (!(error instanceof Error)) return { reason: 'unavailable', found: `the client failed with a ${typeof error}` };
  const { name, message } = error;
  if (name === 'AbortError' || name === 'TimeoutError')
    return { reason: 'timeout', found: 'stopped before Upstash answered' };
  if (name === 'UpstashError') {
    const known = MESSAGES.find(([pattern]) => pattern.test(message))?.[1];
    if (known !== undefined) return known;
    const code = /^[A-Z]{3,30}(?= |$)/.exec(message)?.[0] ?? 'an error';
    return { reason: 'unavailable', found: `Upstash answered ${code}; look at the database in the Upstash console` };
  }
  if (name === 'UpstashJSONParseError' || name === 'SyntaxError' || /did not return a result/.test(message))
    return NOT_THE_API;
  const code = networkCode(error);
  if (code !== undefined)
    return { reason: 'unavailable', found: `the connection failed (${code}); ${remedyFor(code)}` };
  return {
    reason: 'unavailable',
    found: `the request failed (${name}); check the network, and ${URL_VARIABLES}`,
  };
}

function remedyFor(code: string): string {
  if (/^(ENOTFOUND|EAI_AGAIN)$/.test(code)) return `the host in ${URL_VARIABLES} is not known; check it, and DNS`;
  if (/CERT|SIGNATURE|ISSUER|TLS/.test(code))
    return `its TLS certificate is not accepted; check ${URL_VARIABLES}, and the clock`;
  return `check the network, and ${URL_VARIABLES}`;
}

/** `fetch` hides the reason one level down. */
function networkCode(error: Error): string | undefined {
  const inner: unknown = 'code' in error ? error : error.cause;
  if (typeof inner !== 'object' || inner === null || !('code' in inner)) return undefined;
  return typeof inner.code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(inner.code) ? inner.code : undefined;
}
