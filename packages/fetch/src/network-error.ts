/** What `fetch` rejected with, told by its code: runtimes put whole addresses, query included, into their messages. */
import { StoreError } from '@clarity/flags-core/ports';

interface Verdict {
  readonly reason: 'unavailable' | 'timeout';
  readonly found: string;
  readonly remedy: string;
  /** Default true. */
  readonly retryable?: boolean;
}

const DNS: Verdict = {
  reason: 'unavailable',
  found: 'its host name was not found',
  remedy: "check the name and this machine's DNS",
};
const REFUSED: Verdict = {
  reason: 'unavailable',
  found: 'the connection was refused',
  remedy: 'check that the server runs and listens on that port',
};
const BROKEN: Verdict = {
  reason: 'unavailable',
  found: 'the connection broke off',
  remedy: 'look at the server if this repeats',
};
const TIMED_OUT: Verdict = {
  reason: 'timeout',
  found: 'the server did not answer',
  remedy: 'look at the server and the network',
};
const CERTIFICATE: Verdict = {
  reason: 'unavailable',
  found: 'its TLS certificate was refused',
  remedy:
    'renew it, or have it issued for this host by an authority that this runtime trusts; it is never accepted as it is',
  retryable: false,
};
const TLS: Verdict = {
  reason: 'unavailable',
  found: 'no TLS connection came about',
  remedy: 'check that the server speaks TLS 1.2 or later on that port',
};
const NOT_HTTP: Verdict = {
  reason: 'unavailable',
  found: 'the server answered with something that is not HTTP',
  remedy: 'check the port',
};
const BLOCKED_PORT: Verdict = {
  reason: 'unavailable',
  found: 'its port is one that fetch refuses, as browsers do',
  remedy: 'let the server listen on another',
  retryable: false,
};
const NOT_ALLOWED: Verdict = {
  reason: 'unavailable',
  found: 'Deno was not allowed to',
  remedy: 'start it with --allow-net for that host',
  retryable: false,
};
const UNKNOWN: Verdict = {
  reason: 'unavailable',
  found: 'the request failed',
  remedy: 'look at the server and the network',
};

/** By code, as Node, Bun and Deno give them. The first that matches counts. */
const BY_CODE: readonly (readonly [RegExp, Verdict])[] = [
  [/^(ENOTFOUND|ENODATA|EAI_\w+|ESERVFAIL|EREFUSED|DNS\w*)$/i, DNS],
  [/^(ECONNREFUSED|ConnectionRefused)$/, REFUSED],
  [/^(ETIMEDOUT|ConnectionTimeout|Timeout|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT)$/, TIMED_OUT],
  [/CERT|^UNABLE_TO_|SELF_SIGNED|HOSTNAME_MISMATCH|^CRL_|^INVALID_(CA|PURPOSE)|PATH_LENGTH/, CERTIFICATE],
  [/^(ERR_TLS_|ERR_SSL_|EPROTO|ECONNRESET_TLS)/, TLS],
  [/^(ECONNRESET|ConnectionReset|ConnectionClosed|EPIPE|ECONNABORTED|UND_ERR_SOCKET|UND_ERR_ABORTED)$/, BROKEN],
  [/^(HPE_\w+|Malformed_?HTTP\w*|InvalidHTTPResponse|ERR_HTTP\w*)$/i, NOT_HTTP],
];

/** By the message, for runtimes that give no code. Nothing of the message is repeated. */
const BY_MESSAGE: readonly (readonly [RegExp, Verdict])[] = [
  [/dns error|failed to lookup|lookup failed/i, DNS],
  [/certificate|UnknownIssuer|NotValidForName/i, CERTIFICATE],
  [/connection refused/i, REFUSED],
  [/invalid HTTP|HTTP\/1\.1 protocol/i, NOT_HTTP],
  [/\btls\b|handshake|\bssl\b|corrupt message|record overflow/i, TLS],
  [/bad port/i, BLOCKED_PORT],
  [/--allow-net/, NOT_ALLOWED],
  [/timed out/i, TIMED_OUT],
  [/connection (reset|lost|closed)|broken pipe|unexpected eof|before message completed|closed unexpectedly/i, BROKEN],
];

/** An error without a cause, since causes are logged and that of a runtime holds the whole address. */
export function networkError(error: unknown, name: string): StoreError {
  const chain = causes(error);
  const code = firstCode(chain);
  const { reason, found, remedy, retryable = true } = verdictOf(chain, code);
  const told = code === undefined ? '' : ` (${code})`;
  return new StoreError(reason, `cannot read ${name}: ${found}${told}; ${remedy}`, { retryable });
}

/** The code that tells why a connection or body ended, for a message; `undefined` when the runtime gives none. */
export function failureCode(error: unknown): string | undefined {
  return firstCode(causes(error));
}

function firstCode(chain: readonly unknown[]): string | undefined {
  return chain.map(codeOf).find((found) => found !== undefined);
}

function verdictOf(chain: readonly unknown[], code: string | undefined): Verdict {
  const byCode = code === undefined ? undefined : BY_CODE.find(([pattern]) => pattern.test(code));
  if (byCode !== undefined) return byCode[1];
  // Without the address: words of its path would be taken for words of the runtime.
  const messages = chain.map((error) =>
    error instanceof Error ? error.message.slice(0, 4096).replaceAll(ADDRESS, '') : '',
  );
  const byMessage = BY_MESSAGE.find(([pattern]) => messages.some((message) => pattern.test(message)));
  return byMessage?.[1] ?? UNKNOWN;
}

const ADDRESS = /https?:\/\/\S+/gi;
const DEEPEST = 6;

/** The error and what caused it, outermost first; of several attempts at one host, the first. */
function causes(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  let next = error;
  while (typeof next === 'object' && next !== null && chain.length < DEEPEST) {
    chain.push(next);
    next =
      'cause' in next && next.cause !== undefined
        ? next.cause
        : 'errors' in next && Array.isArray(next.errors)
          ? next.errors[0]
          : undefined;
  }
  return chain;
}

function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Za-z][A-Za-z0-9_]{2,63}$/.test(code) ? code : undefined;
}
