import type { Decoded, DecodeResult } from '../document/decode.ts';
import { type CountedRevision, isCounted, type Revision, revisionProblem } from '../document/revision.ts';
import { utf8Length } from '../document/utf8-length.ts';
import { LONGEST_TIMEOUT_MS } from '../ports/longest-timeout.ts';
import type { CachedSnapshot } from '../ports/snapshot-cache.ts';
import { decodeReading } from '../adapter-kit/decode-reading.ts';
import type { ReadResult } from '../ports/source.ts';
import { failure, failureOf } from '../ports/store-error.ts';
import type { DecisionEvent, DocumentRead, ReadOutcome } from '../refresh/protocol.ts';
import type { Loaded } from '../refresh/snapshot.ts';

/** How text becomes a document, with the client's limits. */
export type Decode = (text: string) => DecodeResult;

/** What the answer of a source comes to. An answer of no known shape is as good as none (F50). */
export function outcomeOfResult(result: unknown, source: string, decode: Decode): ReadOutcome {
  if (!isReadResult(result)) {
    return {
      kind: 'failed',
      error: failure('invalid', `${source} answered with nothing that a source may answer with`),
    };
  }
  const { revision, publishedAtMs, storeTimeMs, ageMs } = result;
  const reading = {
    revision,
    publishedAtMs: finite(publishedAtMs),
    storeTimeMs: finite(storeTimeMs),
    ageMs: Math.min(LONGEST_AGE_MS, Math.max(0, finite(ageMs) ?? 0)),
  };
  if (result.kind === 'unchanged') return { kind: 'unchanged', ...reading };
  const { text } = result;
  const ancestors = ancestorsIn(result.ancestors);
  const readOf = ({ document }: Decoded): DocumentRead => {
    return { kind: 'document', loaded: { document, bytes: utf8Length(text) }, text, ancestors, ...reading };
  };
  const decoded = decodeReading(result, decode);
  if (decoded.ok) return readOf(decoded);
  const { kind, problems, rest } = decoded;
  const message = problems.map((problem) => problem.message).join('; ');
  if (kind === 'not-a-document' && result.complete !== true) {
    return { kind: 'failed', error: failure('invalid', message, { retryable: true }) };
  }
  const reason = kind === 'too-large' ? 'too-large' : 'invalid';
  return { kind: 'rejected', reason, message, revision, ...(rest && { rest: readOf(rest) }) };
}

/**
 * What a rejection of a source comes to: the store is down, or it is up and holds nothing good, or it was not asked.
 */
export function outcomeOfError(error: unknown, source: string): ReadOutcome {
  const failed = failureOf(error, `reading ${source}`);
  if (failed.calledOff) return { kind: 'called-off', message: failed.message };
  const { reason, message, notADocument, revision } = failed;
  if (!notADocument && (reason === 'invalid' || reason === 'too-large' || reason === 'not-found')) {
    return { kind: 'rejected', reason, message, revision: isRevision(revision) ? revision : undefined };
  }
  return { kind: 'failed', error: failed };
}

/** What went wrong with a read, if something did. */
export function problemIn(outcome: ReadOutcome): string | undefined {
  if (outcome.kind === 'failed') return outcome.error.message;
  return outcome.kind === 'rejected' ? outcome.message : undefined;
}

function isReadResult(result: unknown): result is ReadResult {
  const { kind, revision, text } = Object(result) as { readonly [Member in 'kind' | 'revision' | 'text']: unknown };
  return isRevision(revision) && (kind === 'unchanged' || (kind === 'document' && typeof text === 'string'));
}

/** Whether something that an adapter gave can be compared with revisions at all. */
export function isRevision(revision: unknown): revision is Revision {
  const { epoch, version, hash } = Object(revision) as { readonly [Member in 'epoch' | 'version' | 'hash']: unknown };
  return version === undefined ? typeof hash === 'string' : epoch !== undefined;
}

/**
 * Ancestors that an adapter gave, if all of them can be compared: of a list with holes nobody can say what is missing.
 */
function ancestorsIn(ancestors: unknown): readonly CountedRevision[] | undefined {
  return Array.isArray(ancestors) && ancestors.every(isComparable) ? ancestors : undefined;
}

function isComparable(revision: unknown): revision is CountedRevision {
  // Their epochs were right when they were published, even if the clock here says otherwise.
  return (
    isRevision(revision) && isCounted(revision) && revisionProblem(revision, Number.POSITIVE_INFINITY) === undefined
  );
}

/** A number that an adapter gave, if it is one to calculate with. */
function finite(value: number | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Older than this is old. Beyond it dates could not be shown any more. */
const LONGEST_AGE_MS = LONGEST_TIMEOUT_MS;

/** What a cache's answer comes to. What no client has saved is reported and not used (F53). */
export function outcomeOfCached(
  cached: unknown,
  cache: string,
  decode: Decode,
): Extract<DecisionEvent, { kind: 'cache-loaded' | 'cache-failed' }> {
  if (cached === undefined) return { kind: 'cache-loaded', cached: undefined };
  if (!isCachedSnapshot(cached)) {
    return {
      kind: 'cache-failed',
      error: { reason: 'invalid', message: `${cache} gave something that no client has saved` },
    };
  }
  const { revision, source, text, verifiedAtMs } = cached;
  const decoded = decode(text);
  // A client saves what it serves, and that may be what is left of a document (F65).
  const { document } = (decoded.ok ? decoded : decoded.rest) ?? {};
  if (document === undefined) {
    const message = `${cache} holds no flag document: ${decoded.ok ? '' : decoded.problems[0]?.message}`;
    return { kind: 'cache-failed', error: { reason: 'invalid', message } };
  }
  const loaded = { document, bytes: utf8Length(text), savedAtMs: finite(verifiedAtMs) };
  return { kind: 'cache-loaded', cached: { loaded, revision, source, cache } };
}

function isCachedSnapshot(cached: unknown): cached is CachedSnapshot {
  const { text, source, revision } = Object(cached) as Partial<Record<keyof CachedSnapshot, unknown>>;
  return typeof text === 'string' && typeof source === 'string' && isRevision(revision);
}

/**
 * The document to start with, from its text or as a value. `refuse` is told what is wrong with it, a sentence each, and
 * throws.
 */
export function loadBootstrap(
  bootstrap: string | object | undefined,
  decode: Decode,
  refuse: (problems: readonly string[]) => never,
): Loaded | undefined {
  if (bootstrap === undefined) return undefined;
  let text: string;
  try {
    text = typeof bootstrap === 'string' ? bootstrap : (JSON.stringify(bootstrap) ?? '');
  } catch {
    return refuse([
      'bootstrap is a value that JSON cannot hold, such as one that contains itself; allowed is a flag document',
    ]);
  }
  const decoded = decode(text);
  if (decoded.ok) return { document: decoded.document, bytes: utf8Length(text) };
  return refuse(decoded.problems.map(({ message }) => `bootstrap: ${message}`));
}
