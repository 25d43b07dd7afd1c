import { utf8Length } from '../document/utf8-length.ts';
import type { CachedSnapshot } from '../ports/snapshot-cache.ts';
import type { DecisionEvent } from './event.ts';
import { type Decode, finite, isRevision } from './read-outcome.ts';

/** What a cache's answer comes to. Whatever it is that was not saved by a client is reported and not used (F53). */
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
