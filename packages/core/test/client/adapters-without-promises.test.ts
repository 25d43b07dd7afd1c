import { describe, expect, it } from 'vitest';
import { createFlagClient } from '../../src/client/create-flag-client.ts';
import type { CachedSnapshot } from '../../src/ports/snapshot-cache.ts';
import type { ReadResult } from '../../src/ports/source.ts';
import { counted, documentText } from '../support/scripted-source.ts';

/** As somebody writes an adapter who has no types to tell them. */
const atOnce = <Answer>(answer: Answer): Promise<Answer> => answer as unknown as Promise<Answer>;

describe('an adapter that answers at once, and not by a promise', () => {
  it('is as good as any other, as source, feed and cache', async () => {
    const saved: CachedSnapshot[] = [];
    const read: ReadResult = { kind: 'document', text: documentText(1), revision: counted(1) };
    const flags = createFlagClient({
      source: { name: 'source', read: () => atOnce(read), close: () => atOnce(undefined) },
      feed: { name: 'feed', subscribe: () => atOnce(undefined), close: () => atOnce(undefined) },
      cache: {
        name: 'cache',
        load: () => atOnce(undefined),
        save: (snapshot) => atOnce(void saved.push(snapshot)),
      },
      refreshMode: 'both',
      variables: false,
      logLevel: 'silent',
    });
    await flags.ready();
    await expect.poll(() => flags.freshness().feed).toBe('up');
    expect(flags.isEnabled('a')).toBe(true);
    expect(saved.map(({ text }) => text)).toEqual([documentText(1)]);
    await flags.close();
    expect(flags.health()).toMatchObject({ cache_error: null, isolated_errors: 0 });
  });

  it('is told of by what it did when it throws instead', async () => {
    const refuse = (): never => {
      throw new RangeError('no');
    };
    const flags = createFlagClient({
      source: { name: 'source', read: refuse, close: refuse },
      feed: { name: 'feed', subscribe: refuse, close: refuse },
      refreshMode: 'both',
      variables: false,
      logLevel: 'silent',
    });
    expect(await flags.refresh()).toMatchObject({ ok: false, message: expect.stringContaining('RangeError') });
    await expect.poll(() => flags.health().feed_error?.message).toContain('subscribing to feed failed with RangeError');
    await flags.close();
  });
});
