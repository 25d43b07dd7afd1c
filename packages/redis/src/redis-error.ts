/**
 * What ioredis and the server say, as a `StoreError`: by codes only, since messages hold commands, and commands hold
 * passwords.
 */
import { isStoreError, StoreError, type StoreErrorReason } from '@clarity/flags-core/ports';

interface Verdict {
  readonly reason: StoreErrorReason;
  readonly found: string;
  readonly remedy: string;
  readonly retryable?: boolean;
  readonly notADocument?: boolean;
}

const IN_CLUSTER: Verdict = {
  reason: 'invalid',
  found: 'it is a node of a Cluster',
  remedy: 'hand in an ioredis Cluster client',
  notADocument: true,
};
const STARTING: Verdict = { reason: 'unavailable', found: 'it is not ready', remedy: 'wait until it is' };
const REFUSED: Verdict = {
  reason: 'unavailable',
  found: 'nothing accepts connections there',
  remedy: 'start Redis, or correct host and port',
};
/** Also what most often comes of too many clients: the server hangs up before what it says of that is read. */
const CUT: Verdict = {
  reason: 'unavailable',
  found: 'the connection was lost',
  remedy: 'look at the server, at its maxclients and at the network',
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
const NOT_TLS: Verdict = {
  reason: 'unavailable',
  found: 'one side speaks TLS and the other does not',
  remedy: 'correct rediss:// or redis://, and the port',
  retryable: false,
};

const BAD_TLS_OPTIONS: Verdict = {
  reason: 'unavailable',
  found: 'the option tls holds something that cannot be read',
  remedy: 'correct ca, cert and key: PEM is allowed',
  retryable: false,
};

const NO_PERMISSION: Verdict = {
  reason: 'unauthorized',
  found: 'the user has no permission',
  remedy: 'grant commands, key and channel (ACL SETUSER)',
};

/** The first word of an error reply. */
const REPLIES: ReadonlyMap<string, Verdict> = new Map<string, Verdict>([
  ['WRONGPASS', { reason: 'unauthorized', found: 'user name or password is wrong', remedy: 'correct them' }],
  ['NOAUTH', { reason: 'unauthorized', found: 'it asks for a password', remedy: 'give user name and password' }],
  ['NOPERM', NO_PERMISSION],
  [
    'DENIED',
    { reason: 'unauthorized', found: 'it runs in protected mode', remedy: 'give it a password, and this client too' },
  ],
  [
    'WRONGTYPE',
    {
      reason: 'invalid',
      found: 'the key holds another type than a hash, so it is not ours',
      remedy: 'choose another namespace, or delete that key',
    },
  ],
  ['MOVED', IN_CLUSTER],
  ['ASK', IN_CLUSTER],
  ['CROSSSLOT', IN_CLUSTER],
  ['READONLY', { reason: 'unavailable', found: 'it is a read-only replica', remedy: 'publish to the primary' }],
  ['LOADING', STARTING],
  [
    'BUSY',
    { reason: 'unavailable', found: 'it is busy with a script', remedy: 'wait, or end that script (SCRIPT KILL)' },
  ],
  ['TRYAGAIN', STARTING],
  [
    'MASTERDOWN',
    {
      reason: 'unavailable',
      found: 'it is a replica that has lost its primary',
      remedy: 'look at the primary and at the way to it (INFO replication)',
    },
  ],
  ['CLUSTERDOWN', { reason: 'unavailable', found: 'the Cluster is down', remedy: 'look at its nodes (CLUSTER INFO)' }],
  [
    'NOREPLICAS',
    { reason: 'unavailable', found: 'it has too few replicas to accept writes', remedy: 'look at the replicas' },
  ],
  ['MISCONF', { reason: 'unavailable', found: 'it cannot persist and refuses writes', remedy: 'look at its disk' }],
  ['OOM', { reason: 'unavailable', found: 'it has no memory left', remedy: 'raise maxmemory, or remove keys' }],
]);

/** Plain `ERR` replies are told apart by what they begin with. */
const ERR_REPLIES: readonly (readonly [RegExp, Verdict])[] = [
  // What a script may not do is said in another way than what a command may not.
  [/ACL failure in script|user executing the script/i, NO_PERMISSION],
  [
    /^ERR (DB index|SELECT)/i,
    {
      reason: 'invalid',
      found: 'it has no such database',
      remedy: 'correct the number at the end of the address',
      notADocument: true,
    },
  ],
  [
    /^ERR (invalid password|AUTH|wrong number of arguments for 'auth')/i,
    { reason: 'unauthorized', found: 'user name or password is wrong', remedy: 'correct them' },
  ],
  [
    /^ERR max number of clients/i,
    { reason: 'throttled', found: 'it has as many clients as it allows', remedy: 'raise maxclients, or close some' },
  ],
  [
    /^ERR unknown command/i,
    {
      reason: 'unavailable',
      found: 'it does not know a command that is needed',
      remedy: 'use Redis 6.2 or later',
      retryable: false,
    },
  ],
];

/** Codes of system, DNS and TLS errors. */
const SYSTEM: ReadonlyMap<string, Verdict> = new Map<string, Verdict>([
  ['ECONNREFUSED', REFUSED],
  ['ENOENT', REFUSED],
  ['ECONNRESET', CUT],
  ['EPIPE', CUT],
  ['ECONNABORTED', CUT],
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
  ['EPROTO', NOT_TLS],
  ['ERR_SSL_WRONG_VERSION_NUMBER', NOT_TLS],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', NOT_TLS],
]);

/** What ioredis itself says, without a code. */
const CLIENT: readonly (readonly [RegExp, Verdict])[] = [
  [/^Connection is closed|^Stream isn't writeable|^Command aborted|^Cluster isn't ready|^Cluster is ended/, CUT],
  [
    /^Protocol error|^Unknown RESP type/,
    {
      reason: 'unavailable',
      found: 'what answers there is not Redis',
      remedy: 'correct host and port',
      retryable: false,
    },
  ],
  [/^Command timed out|^Socket timeout|^connect ETIMEDOUT/, LATE],
  [
    /^All sentinels are unreachable/,
    {
      reason: 'unavailable',
      found: 'no Sentinel answers',
      remedy: 'look at the Sentinels, and at the name of the master',
    },
  ],
  [
    /^Too many Cluster redirections|^None of startup nodes|^Failed to refresh slots cache/,
    { reason: 'unavailable', found: 'the Cluster does not answer', remedy: 'look at its nodes (CLUSTER INFO)' },
  ],
  [
    /subscriber mode/,
    {
      reason: 'unavailable',
      found: 'the client that was handed in is subscribed',
      remedy: 'hand in one that is not',
      retryable: false,
    },
  ],
];

/** Node's name for a certificate, key or authority that it cannot read begins like this. */
const UNREADABLE_TLS = /^ERR_OSSL_/;

/** `what` did not come about in time. A server without TLS that is asked for it only waits. */
export function lateError(
  attempt: string,
  what: string,
  withinMs: number,
  address: { readonly tls?: unknown } = {},
): StoreError {
  const tls = address.tls === undefined ? '' : ', and whether that port speaks TLS';
  return new StoreError(
    'timeout',
    `cannot ${attempt}: no ${what} within ${withinMs} ms; look at the server and the network${tls}`,
  );
}

/** Any failure as a `StoreError`. `attempt` completes "cannot ..."; it names key or channel and never the address. */
export function redisError(error: unknown, attempt: string): StoreError {
  if (isStoreError(error)) return error;
  const code = codeOf(error);
  const verdict = verdictOf(error, code);
  if (verdict === undefined) {
    const name = code ?? (error instanceof Error ? error.name : typeof error);
    return new StoreError(
      'unavailable',
      `cannot ${attempt}: Redis or its client answered ${name}; look at the server's log`,
    );
  }
  // Without the cause: ioredis attaches the command and its arguments to it, AUTH included.
  const { reason, found, remedy, retryable, notADocument } = verdict;
  const suffix = code === undefined ? '' : ` (${code})`;
  return new StoreError(reason, `cannot ${attempt}: ${found}${suffix}; ${remedy}`, {
    ...(retryable !== undefined && { retryable }),
    ...(notADocument !== undefined && { notADocument }),
  });
}

/** The first word of an error reply, or the code of a system error. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (!('message' in error) || typeof error.message !== 'string' || !isReply(error)) return undefined;
  const code = /^[A-Z][A-Z0-9_]{1,40}(?= |$)/.exec(error.message)?.[0];
  // Before Redis 7 what a command within a script says stands inside what is said of the script.
  return (code === 'ERR' && /^ERR Error running script.* -([A-Z]{2,40}) /.exec(error.message)?.[1]) || code;
}

function isReply(error: object): boolean {
  return 'name' in error && error.name === 'ReplyError';
}

function verdictOf(error: unknown, code: string | undefined): Verdict | undefined {
  if (!(error instanceof Error)) return undefined;
  const { message } = error;
  if (isReply(error)) {
    return REPLIES.get(code ?? '') ?? ERR_REPLIES.find(([pattern]) => pattern.test(message))?.[1];
  }
  // What the Cluster client last heard from a node says more than that all of them failed.
  if ('lastNodeError' in error && error.lastNodeError instanceof Error) {
    const inner = verdictOf(error.lastNodeError, codeOf(error.lastNodeError));
    if (inner !== undefined) return inner;
  }
  if (UNREADABLE_TLS.test(code ?? '')) return BAD_TLS_OPTIONS;
  return SYSTEM.get(code ?? '') ?? CLIENT.find(([pattern]) => pattern.test(message))?.[1];
}
