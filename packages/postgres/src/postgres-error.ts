/**
 * What pg and the server say, as a `StoreError`: by codes only, since messages hold names of users and hosts,
 * statements and values.
 */
import { isStoreError, StoreError, type StoreErrorReason } from '@clarity/flags-core/ports';

interface Verdict {
  readonly reason: StoreErrorReason;
  readonly found: string;
  readonly remedy: string;
  readonly retryable?: boolean;
  readonly notADocument?: boolean;
}

const REFUSED: Verdict = {
  reason: 'unavailable',
  found: 'nothing accepts connections there',
  remedy: 'start Postgres, or correct host and port',
};
const CUT: Verdict = {
  reason: 'unavailable',
  found: 'the connection was lost',
  remedy: 'look at the server and the network',
};
const NO_NAME: Verdict = {
  reason: 'unavailable',
  found: 'its host name cannot be resolved',
  remedy: 'correct the host, or look at DNS',
};
const NO_ROUTE: Verdict = {
  reason: 'unavailable',
  found: 'there is no way to it',
  remedy: 'correct the host, or look at the network',
};
const LATE: Verdict = {
  reason: 'timeout',
  found: 'it did not answer in time',
  remedy: 'look at the server and the network',
};
const UNTRUSTED: Verdict = {
  reason: 'unavailable',
  found: 'its TLS certificate is not accepted',
  remedy: 'renew it, name the host that it is for, or give its authority as tls.ca',
  retryable: false,
};
const NO_TLS: Verdict = {
  reason: 'unavailable',
  found: 'the server speaks no TLS',
  remedy: 'switch ssl on there, or take sslmode and tls out of the address where that is meant',
  retryable: false,
};
const BAD_TLS_OPTIONS: Verdict = {
  reason: 'unavailable',
  found: 'the option tls holds something that cannot be read',
  remedy: 'correct ca, cert and key: PEM is allowed',
  retryable: false,
};
const WRONG_USER: Verdict = {
  reason: 'unauthorized',
  found: 'user name or password is wrong, or pg_hba.conf does not let this user in from here',
  remedy: 'correct them; with ssl required there, add sslmode=require',
};
const NO_PASSWORD: Verdict = {
  reason: 'unauthorized',
  found: 'it asks for a password',
  remedy: 'give user name and password',
};
const NOT_SET_UP: Verdict = {
  reason: 'not-found',
  found: 'the tables of the flags are not there',
  remedy: 'run clarity-flags setup with a user who may create them, or correct database and schema',
};
const OTHER_TABLES: Verdict = {
  reason: 'invalid',
  found: 'the tables are others than this release knows',
  remedy: 'run clarity-flags setup of this release, or choose another schema',
};
const STARTING: Verdict = {
  reason: 'unavailable',
  found: 'it is starting, stopping or recovering',
  remedy: 'wait until it is ready',
};
const READ_ONLY: Verdict = {
  reason: 'unavailable',
  found: 'it is a standby, or read only',
  remedy: 'give the address of the primary, or look at default_transaction_read_only',
};
const OTHER_ENCODING: Verdict = {
  reason: 'invalid',
  found: 'the encoding of the database has not every character of the document',
  remedy: 'use a database with the encoding UTF8',
};
const BUSY: Verdict = {
  reason: 'unavailable',
  found: 'something else there holds it up',
  remedy: 'look at pg_stat_activity and pg_locks',
};
const TOO_MANY: Verdict = {
  reason: 'throttled',
  found: 'it has as many connections as it allows',
  remedy: 'raise max_connections or the limit of the role, or close some',
};
const FULL: Verdict = {
  reason: 'unavailable',
  found: 'it has no disk or memory left',
  remedy: 'look at the server',
};

/** SQLSTATE: whole codes first, then classes (the first two characters). */
const STATES: ReadonlyMap<string, Verdict> = new Map<string, Verdict>([
  ['28P01', WRONG_USER],
  ['28000', WRONG_USER],
  [
    '42501',
    {
      reason: 'unauthorized',
      found: 'the user has no right to that',
      remedy: 'grant what clarity-flags setup --reader or --writer grants',
    },
  ],
  [
    '3D000',
    {
      reason: 'invalid',
      found: 'it has no such database',
      remedy: 'correct the name at the end of the address',
      notADocument: true,
    },
  ],
  ['42P01', NOT_SET_UP],
  ['3F000', NOT_SET_UP],
  ['42703', OTHER_TABLES],
  ['42704', { reason: 'invalid', found: 'there is no such role', remedy: 'create it first (CREATE ROLE ... LOGIN)' }],
  ['42P17', OTHER_TABLES],
  ['25006', READ_ONLY],
  ['22P05', OTHER_ENCODING],
  ['22021', OTHER_ENCODING],
  ['53300', TOO_MANY],
  ['53', FULL],
  ['54', { reason: 'too-large', found: 'it is more than Postgres takes', remedy: 'remove flags' }],
  ['55P03', BUSY],
  ['57P03', STARTING],
  ['57P01', CUT],
  ['57P02', CUT],
  ['57P05', CUT],
  ['57014', { reason: 'timeout', found: 'the server cancelled it', remedy: 'look at statement_timeout and its log' }],
  ['25P03', { ...CUT, found: 'it took longer than idle_in_transaction_session_timeout allows' }],
  ['40', BUSY],
  ['08', CUT],
  ['58', FULL],
  // What a setup raises that finds tables of a later release.
  [
    'CLF01',
    {
      reason: 'invalid',
      found: 'the tables were made by a newer release',
      remedy: 'use that release, or a later one',
    },
  ],
]);

/** Codes of system, DNS and TLS errors. */
const SYSTEM: ReadonlyMap<string, Verdict> = new Map<string, Verdict>([
  ['ECONNREFUSED', REFUSED],
  ['ENOENT', REFUSED],
  ['ECONNRESET', CUT],
  ['EPIPE', CUT],
  ['ECONNABORTED', CUT],
  ['ERR_STREAM_DESTROYED', CUT],
  ['ERR_SOCKET_CLOSED', CUT],
  ['ENOTFOUND', NO_NAME],
  ['EAI_AGAIN', NO_NAME],
  ['EHOSTUNREACH', NO_ROUTE],
  ['ENETUNREACH', NO_ROUTE],
  ['EADDRNOTAVAIL', NO_ROUTE],
  ['ETIMEDOUT', LATE],
  ['CERT_HAS_EXPIRED', UNTRUSTED],
  ['CERT_NOT_YET_VALID', UNTRUSTED],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', UNTRUSTED],
  ['SELF_SIGNED_CERT_IN_CHAIN', UNTRUSTED],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', UNTRUSTED],
  ['UNABLE_TO_GET_ISSUER_CERT', UNTRUSTED],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', UNTRUSTED],
  ['ERR_TLS_CERT_ALTNAME_INVALID', UNTRUSTED],
  ['EPROTO', NO_TLS],
  ['ERR_SSL_WRONG_VERSION_NUMBER', NO_TLS],
]);

/** What pg itself says, without a code. */
const CLIENT: readonly (readonly [RegExp, Verdict])[] = [
  [/^The server does not support SSL|^There was an error establishing an SSL/, NO_TLS],
  [/password must be a (?:non-empty )?string/, NO_PASSWORD],
  [/^Connection terminated|^Client was closed|^Client has encountered a connection error|^This socket/, CUT],
  [/^timeout e(?:xpired|xceeded)|^Query read timeout|timeout exceeded when trying to connect/, LATE],
  [
    /^Cannot use a pool after calling end/,
    {
      reason: 'unavailable',
      found: 'the pool that was handed in is closed',
      remedy: 'hand in an open one',
      retryable: false,
    },
  ],
];

/** Node's name for a certificate, key or authority that it cannot read begins like this. */
const UNREADABLE_TLS = /^ERR_OSSL_/;

/** `what` did not come about in time. A server without TLS that is asked for it only waits. */
export function lateError(attempt: string, what: string, withinMs: number): StoreError {
  return new StoreError(
    'timeout',
    `cannot ${attempt}: no ${what} within ${withinMs} ms; look at the server and the network`,
  );
}

/**
 * Any failure as a `StoreError`. `attempt` completes "cannot ..."; it names schema or channel and never the address.
 */
export function postgresError(error: unknown, attempt: string): StoreError {
  if (isStoreError(error)) return error;
  const code = codeOf(error);
  const verdict = verdictOf(error, code);
  if (verdict === undefined) {
    const name = code ?? (error instanceof Error ? error.name : typeof error);
    return new StoreError(
      'unavailable',
      `cannot ${attempt}: Postgres or its client answered ${name}; look at the server's log`,
    );
  }
  // Without the cause: what pg attaches to it may show values.
  const { reason, found, remedy, retryable, notADocument } = verdict;
  const suffix = code === undefined ? '' : ` (${code})`;
  return new StoreError(reason, `cannot ${attempt}: ${found}${suffix}; ${remedy}`, {
    ...(retryable !== undefined && { retryable }),
    ...(notADocument !== undefined && { notADocument }),
  });
}

/** SQLSTATE, or the code of a system error. */
function codeOf(error: unknown): string | undefined {
  const { code } = Object(error) as { readonly code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

/** Whether the server answered: then the connection is as good as before. */
export function isReply(error: unknown): boolean {
  const { severity } = Object(error) as { readonly severity?: unknown };
  return typeof severity === 'string' && severity !== 'FATAL' && severity !== 'PANIC';
}

function verdictOf(error: unknown, code: string | undefined): Verdict | undefined {
  if (!(error instanceof Error)) return undefined;
  if (code !== undefined) {
    if (UNREADABLE_TLS.test(code)) return BAD_TLS_OPTIONS;
    return STATES.get(code) ?? SYSTEM.get(code) ?? (code.length === 5 ? STATES.get(code.slice(0, 2)) : undefined);
  }
  // Where a host has several addresses, each says its own.
  if (error instanceof AggregateError) return verdictOf(error.errors[0], codeOf(error.errors[0]));
  return CLIENT.find(([pattern]) => pattern.test(error.message))?.[1];
}
