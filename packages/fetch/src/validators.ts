import { parseHttpDate } from './http-date.ts';

/** What a server gave to ask "is it still this one?" with, for one content at one address. */
export interface Validators {
  /** The address that gave them: another one may use the same tag for another content. */
  readonly address: string;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
}

/** Common servers make the tag of a file from its size and its time of change in seconds. */
const TAG_RESOLUTION_MS = 2_000;
/**
 * A date alone cannot tell two changes within one second apart, and may come from the clock of another machine (RFC
 * 7232, 2.2.2).
 */
const DATE_RESOLUTION_MS = 60_000;
const ETAG = /^(W\/)?"[\x21\x23-\x7e\x80-\xff]{0,1024}"$/;

/**
 * The validators of an answer, or `undefined` when none is to be trusted: a document that had changed a moment before
 * the answer may have changed once more under the same tag or date. It is then downloaded again, and compared by its
 * hash.
 */
export function validatorsOf(headers: Headers, address: string): Validators | undefined {
  const tag = headers.get('etag');
  const etag = tag !== null && ETAG.test(tag) ? tag : undefined;
  const modified = headers.get('last-modified');
  const modifiedMs = parseHttpDate(modified);
  const dateMs = parseHttpDate(headers.get('date'));
  const restedMs = modifiedMs === undefined || dateMs === undefined ? undefined : dateMs - modifiedMs;
  if (etag !== undefined) {
    if (restedMs !== undefined && restedMs < TAG_RESOLUTION_MS) return undefined;
    return { address, etag, lastModified: undefined };
  }
  if (modified === null || restedMs === undefined || restedMs < DATE_RESOLUTION_MS) return undefined;
  return { address, etag: undefined, lastModified: modified };
}

/** Whether a 304 speaks of the content that was asked about. A server that names another tag there is confused. */
export function confirms(headers: Headers, asked: Validators): boolean {
  const tag = headers.get('etag');
  return tag === null || asked.etag === undefined || opaque(tag) === opaque(asked.etag);
}

/** Weak comparison (RFC 9110, 8.8.3.2). */
function opaque(etag: string): string {
  return etag.replace(/^W\//, '');
}

/**
 * The validators of the contents seen last, by revision hash. Two clients that share a source may know different
 * revisions, so each is asked about with its own; one that is no longer here is downloaded.
 */
export class KnownValidators {
  readonly #limit: number;
  readonly #byHash = new Map<string, Validators>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(hash: string): Validators | undefined {
    return this.#byHash.get(hash);
  }

  /** Remembers them for this content, and for no other; `undefined` forgets. */
  set(hash: string, validators: Validators | undefined): void {
    this.#byHash.delete(hash);
    if (validators === undefined) return;
    this.#byHash.set(hash, validators);
    for (const oldest of this.#byHash.keys()) {
      if (this.#byHash.size <= this.#limit) break;
      this.#byHash.delete(oldest);
    }
  }
}
