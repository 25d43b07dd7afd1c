/**
 * Where a flag document lives in Redis, shared by every adapter that speaks to one: keys, channels, and the fields of
 * the hash.
 */
import { showOption } from '@clarity/flags-core/adapter-kit';

/** Prefix of key and channel when none is given. */
const DEFAULT_NAMESPACE = 'feature_flags';

export interface RedisLayout {
  readonly namespace: string;
  /** The hash that holds the document and its revision. */
  readonly key: string;
  /** Where changes are announced; all databases of a server share it. */
  readonly channel: string;
  /**
   * Where changes are announced in a Cluster by sharded pub/sub: its hash tag puts it on the node that owns the key.
   */
  readonly shardChannel: string;
  /** A hash with the last publications by their ids (F60). Its hash tag puts it in the slot of the document's key. */
  readonly idsKey: string;
}

export interface RedisLayoutOptions {
  /** Letters, digits and `_ . : / -`, 1 to 128 of them. Default `feature_flags`. */
  readonly namespace?: string;
  /** 1 to 256 characters. Default `<namespace>:config-changed`. */
  readonly channel?: string;
}

const NAMESPACE = /^[\w.:/-]{1,128}$/;
const MOST_CHANNEL_CHARACTERS = 256;

/** @throws TypeError for a namespace or channel outside of what is allowed. */
export function redisLayout(options: RedisLayoutOptions = {}): RedisLayout {
  const { namespace = DEFAULT_NAMESPACE } = options;
  if (typeof namespace !== 'string' || !NAMESPACE.test(namespace)) {
    throw new TypeError(
      `namespace is ${showOption(namespace)}; allowed is 1 to 128 letters, digits, or characters of "_ . : / -"`,
    );
  }
  const { channel = `${namespace}:config-changed` } = options;
  if (typeof channel !== 'string' || channel === '' || channel.length > MOST_CHANNEL_CHARACTERS) {
    throw new TypeError(
      `channel is ${showOption(channel)}; allowed is a text of 1 to ${MOST_CHANNEL_CHARACTERS} characters`,
    );
  }
  const key = `${namespace}:document`;
  return {
    namespace,
    key,
    channel,
    shardChannel: `{${key}}:${channel}`,
    idsKey: `${namespace}:ids:{${key}}`,
  };
}

/**
 * Fields of the hash, as `HMGET` names them to check a revision: `epoch` and `v` (decimal), `sha256` of the document's
 * UTF-8 bytes (lower-case hex), `at` (when it was published, Unix milliseconds by the server's clock) and `bytes`.
 */
export const REDIS_REVISION_FIELDS = ['epoch', 'v', 'sha256', 'at', 'bytes'] as const;
/**
 * The same, which publication that was (`id`), what its publisher noted beside it (`meta`, see `meta.ts`), and the
 * document itself, which comes last: one `HMGET` sees them all at one moment.
 */
export const REDIS_DOCUMENT_FIELDS = [...REDIS_REVISION_FIELDS, 'id', 'meta', 'doc'] as const;
/** Without what is noted beside it: for a store where that is larger than the document may be. */
export const REDIS_BARE_DOCUMENT_FIELDS = [...REDIS_REVISION_FIELDS, 'doc'] as const;

/**
 * A safe whole number in decimal. Numbers at or beyond 2^53 cannot be compared exactly and count as unreadable (F54).
 */
export function wholeNumber(field: unknown): number | undefined {
  const text = typeof field === 'number' ? String(field) : field;
  if (typeof text !== 'string' || !/^\d{1,16}$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
}

export function sha256(field: unknown): string | undefined {
  return typeof field === 'string' && /^[0-9a-f]{64}$/.test(field) ? field : undefined;
}
