import { CallScope, textHash } from '@clarity/flags-core/adapter-kit';
import {
  type FlagSource,
  isCounted,
  isStoreError,
  type ReadResult,
  type Revision,
  StoreError,
  toStoreError,
} from '@clarity/flags-core/ports';
import { announcedDigest } from './announced-digest.ts';
import { type FetchSettings, type FetchSourceOptions, resolveOptions } from './fetch-options.ts';
import { isAccepted, mediaType } from './media-type.ts';
import { readBody } from './read-body.ts';
import { readingTimes } from './reading-times.ts';
import { type Answer, discard, requestDocument } from './request-document.ts';
import { statusError } from './status-error.ts';
import { confirms, KnownValidators, type Validators, validatorsOf } from './validators.ts';

/** As many contents as clients that share a source may be behind each other, and one that is refused. */
const KEPT_VALIDATORS = 8;

/**
 * An HTTPS address as a source, on every runtime with `fetch`. The revision is `{ hash }`: SHA-256 of the body's bytes,
 * so a document that comes back under another ETag is the same one. A check of an unchanged document costs one request
 * without a body where the server knows `If-None-Match` or `If-Modified-Since`.
 *
 * `read` is one attempt under the caller's signal, redirects included. It rejects with `unavailable`, `timeout`,
 * `throttled`, `unauthorized`, `not-found`, `too-large` or `invalid`; an answer that is not a document at all (an HTML
 * page, a body cut short) is `invalid` with `notADocument`. No message holds the address's query or a header.
 *
 * @throws TypeError or RangeError for a bad option.
 */
export function fetchSource(options: FetchSourceOptions): FlagSource {
  const settings = resolveOptions(options);
  const { name } = settings;
  const scope = new CallScope(`the source ${name}`);
  const known = new KnownValidators(KEPT_VALIDATORS);
  return {
    name,
    read: (revision, signal) =>
      scope.run(`read ${name}`, signal, async (ending) => {
        try {
          return await read(settings, known, revision, ending);
        } catch (error) {
          throw toStoreError(error, `reading ${name}`);
        }
      }),
    close: async () => scope.close(),
  };
}

async function read(
  settings: FetchSettings,
  known: KnownValidators,
  revision: Revision | undefined,
  signal: AbortSignal,
): Promise<ReadResult> {
  const hash = revision === undefined || isCounted(revision) ? undefined : revision.hash;
  const validators = hash === undefined ? undefined : known.get(hash);
  const answer = await requestDocument(settings, validators, signal);
  if (hash === undefined || validators === undefined || answer.response.status !== 304) {
    return takeDocument(settings, known, hash, answer, signal);
  }
  const { headers } = answer.response;
  if (answer.conditional && confirms(headers, validators)) {
    return { kind: 'unchanged', revision: { hash }, ...readingTimes(headers) };
  }
  // Asked about something else than it answered: once more, without a question.
  known.set(hash, undefined);
  return takeDocument(settings, known, hash, await requestDocument(settings, undefined, signal), signal);
}

async function takeDocument(
  settings: FetchSettings,
  known: KnownValidators,
  knownHash: string | undefined,
  { response, address }: Answer,
  signal: AbortSignal,
): Promise<ReadResult> {
  const { name, maxBytes } = settings;
  const { headers } = response;
  try {
    if (response.status !== 200) throw refusal(response, name);
    refuseOtherTypes(headers, settings);
    const bytes = await readBody(response, name, maxBytes, signal);
    const hash = await textHash(bytes);
    signal.throwIfAborted();
    refuseOtherBytes(headers, name, hash);
    known.set(hash, validatorsOf(headers, address));
    const reading = { revision: { hash }, ...readingTimes(headers) };
    if (hash === knownHash) return { kind: 'unchanged', ...reading };
    return { kind: 'document', text: decodeUtf8(bytes, name, hash, headers), ...reading };
  } catch (error) {
    discard(response);
    if (!isStoreError(error) || error.reason !== 'too-large') throw error;
    throw await remembered(error, known, validatorsOf(headers, address));
  }
}

function refusal(response: Response, name: string): StoreError {
  const { status } = response;
  if (status >= 400) return statusError(response, name, Date.now());
  return new StoreError(
    'invalid',
    `cannot read ${name}: the server answered ${status} to a plain request; it must answer 200 with the document`,
    {
      notADocument: true,
    },
  );
}

function refuseOtherTypes(headers: Headers, { name, contentTypes }: FetchSettings): void {
  const type = mediaType(headers.get('content-type'));
  if (isAccepted(type, contentTypes)) return;
  const found = type === undefined ? 'no content type' : `the content type ${type.slice(0, 100)}`;
  const remedy =
    type === 'text/html'
      ? 'a log-in page or an error page may stand in front of it'
      : 'serve it as application/json, or allow its type with contentTypes';
  throw new StoreError(
    'invalid',
    `cannot read ${name}: the answer has ${found} and is not a JSON document; ${remedy}`,
    {
      notADocument: true,
      retryable: true,
    },
  );
}

/** The body was changed on its way. The document is not at fault, and another read may get it whole. */
function refuseOtherBytes(headers: Headers, name: string, hash: string): void {
  if ((announcedDigest(headers) ?? hash) === hash) return;
  throw new StoreError(
    'invalid',
    `cannot read ${name}: its bytes are not those of the digest that the server sent; look at what stands between`,
    {
      notADocument: true,
      retryable: true,
    },
  );
}

/**
 * Strict, because a replacement character could end up in a flag key, and the hash would no longer be that of the text.
 */
function decodeUtf8(bytes: Uint8Array, name: string, hash: string, headers: Headers): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const encoding = headers.get('content-encoding');
    const guess =
      encoding === null ? '' : ` (or this runtime cannot undo the content encoding ${encoding.slice(0, 40)})`;
    throw new StoreError(
      'invalid',
      `cannot read ${name}: it holds bytes that are not UTF-8${guess}; save it as UTF-8`,
      {
        revision: { hash },
      },
    );
  }
}

/**
 * A body that is too large is never hashed, so its validators stand for it: the next read asks with them and downloads
 * nothing.
 */
async function remembered(
  error: StoreError,
  known: KnownValidators,
  validators: Validators | undefined,
): Promise<StoreError> {
  if (validators === undefined) return error;
  const { etag, lastModified, address } = validators;
  const hash = await textHash(new TextEncoder().encode(`unread\n${address}\n${etag ?? lastModified}`));
  known.set(hash, validators);
  return new StoreError('too-large', error.message, { revision: { hash } });
}
