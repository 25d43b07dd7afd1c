import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { createFlagClient } from '../../src/client/create-flag-client.ts';
import type { CachedSnapshot } from '../../src/ports/snapshot-cache.ts';
import { followFlags, shareFlags } from '../../src/threads.ts';
import { counted, documentText, fails, holds, scriptedSource } from '../support/scripted-source.ts';

const SAVED_AT = '2026-11-15T08:00:00.000Z';

/** A client whose store is down, and what the process before it left. */
function starting(verifiedAtMs: unknown) {
  const held = { text: documentText(1), revision: counted(1), source: 'store', verifiedAtMs } as CachedSnapshot;
  const source = scriptedSource(fails());
  const flags = createFlagClient({
    source,
    cache: { name: 'cache', load: () => Promise.resolve(held), save: () => Promise.resolve() },
    variables: false,
    logLevel: 'silent',
  });
  return { source, flags };
}

describe('a document from the cache', () => {
  it('shows in health when its source had confirmed it, until its source does so again', async () => {
    const { source, flags } = starting(Date.parse(SAVED_AT));
    await flags.ready({ from: 'any' });
    expect(flags.health()).toMatchObject({
      origin: { kind: 'cache' },
      cache_saved_at: SAVED_AT,
      // As before: what a cache says proves nothing.
      config_age_seconds: null,
      last_refresh: null,
      config_stale: true,
    });
    source.behaviour = holds(1);
    await flags.refresh({ force: true });
    expect(flags.health()).toMatchObject({ origin: { kind: 'primary' }, cache_saved_at: null, config_stale: false });
    await flags.close();
  });

  it('shows so in a thread that follows', async () => {
    const { flags } = starting(Date.parse(SAVED_AT));
    const { port1, port2 } = new MessageChannel();
    const end = shareFlags(flags, port1);
    const follower = followFlags(port2, { logLevel: 'silent' });
    await follower.ready({ from: 'any' });
    expect(follower.health()).toMatchObject({ origin: { kind: 'cache' }, cache_saved_at: SAVED_AT });
    await follower.close();
    end();
    await flags.close();
  });

  it.each([[undefined], ['yesterday'], [Number.NaN], [9e15], [-9e15], [null]])(
    'is served where the cache says %s of that, and health says nothing',
    async (verifiedAtMs) => {
      const { flags } = starting(verifiedAtMs);
      await flags.ready({ from: 'any' });
      expect(flags.isEnabled('a')).toBe(true);
      expect(flags.health()).toMatchObject({ origin: { kind: 'cache' }, cache_saved_at: null });
      await flags.close();
    },
  );
});
