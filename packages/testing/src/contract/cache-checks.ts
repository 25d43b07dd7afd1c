import type { CachedSnapshot, SnapshotCache } from '@clarity/flags-core/ports';
import type { ContractCheck } from './check.ts';
import { Checklist } from './checklist.ts';
import {
  EVENTUALLY_MS,
  expectName,
  expectRejection,
  expectSame,
  expectThat,
  never,
  PROMPTLY_MS,
  settle,
  within,
} from './expectations.ts';
import type { CacheHarness } from './harness.ts';
import { sampleDocument } from './sample-document.ts';

/** What `SnapshotCache` promises. A cache has nothing to close: it holds nothing open between calls. */
export function cacheChecks(harness: CacheHarness): readonly ContractCheck[] {
  const list = new Checklist(harness, async () => undefined);

  list.add('has a short name without a secret', async ({ cache }, secrets) => {
    expectName(cache.name, secrets);
  });

  list.add('a new cache is empty', async ({ cache }) => {
    expectSame(await load(cache), undefined, 'what a new cache holds');
  });

  list.add('what was saved is loaded, to the letter', async ({ cache }) => {
    for (const saved of [
      counted(1),
      hashed(2),
      { ...counted(3), revision: { epoch: 1_700_000_000_000, version: 9 } },
    ]) {
      await save(cache, saved);
      expectSame(await load(cache), saved, 'the loaded snapshot');
    }
  });

  list.add('the next process finds it', async ({ cache, reopen }) => {
    await save(cache, counted(1));
    expectSame(await load(await reopen()), counted(1), 'what the next process finds');
  });

  list.add('a save replaces the whole, also by something shorter', async ({ cache, reopen }) => {
    await save(cache, { ...counted(1), text: sampleDocument(1, 'x'.repeat(50_000)) });
    await save(cache, hashed(2));
    expectSame(await load(await reopen()), hashed(2), 'the snapshot after the second save');
  });

  list.add('a later change of what was saved or loaded changes nothing in the cache', async ({ cache }) => {
    const mutable = { ...counted(1), revision: { epoch: 1, version: 1 } };
    await save(cache, mutable);
    mutable.text = 'changed';
    mutable.revision.version = 2;
    const expected = { ...counted(1), revision: { epoch: 1, version: 1 } };
    const loaded = await load(cache);
    expectSame(loaded, expected, 'the loaded snapshot');
    if (loaded !== undefined) Reflect.set(loaded, 'text', 'changed');
    expectSame(await load(cache), expected, 'the snapshot loaded anew');
  });

  list.add('of several saves at once the last one stays, whole', async ({ cache }) => {
    const saves = Array.from({ length: 10 }, (_, n) => counted(n));
    await within(
      EVENTUALLY_MS,
      'the end of ten saves',
      Promise.all(saves.map((snapshot) => cache.save(snapshot, never()))),
    );
    expectSame(await load(cache), counted(9), 'the snapshot after ten saves');
  });

  list.add('a load during saves finds a whole snapshot', async ({ cache, reopen }) => {
    await save(cache, counted(0));
    const reader = await reopen();
    const saving = (async () => {
      for (let n = 1; n <= 10; n += 1) await save(cache, counted(n));
    })();
    for (let round = 0; round < 10; round += 1) {
      const loaded = await load(reader);
      expectThat(loaded !== undefined, 'the cache was empty for a moment');
      const whole = Array.from({ length: 11 }, (_, n) => counted(n).text).includes(loaded.text);
      expectThat(whole, 'a snapshot was loaded that was never saved');
    }
    await saving;
  });

  list.add('a signal that is aborted already saves and loads nothing', async ({ cache }, secrets) => {
    await save(cache, counted(1));
    await expectRejection(cache.save(counted(2), AbortSignal.abort()), {
      what: 'saving under an aborted signal',
      secrets,
      ms: PROMPTLY_MS,
    });
    await expectRejection(cache.load(AbortSignal.abort()), {
      what: 'loading under an aborted signal',
      secrets,
      ms: PROMPTLY_MS,
    });
    expectSame(await load(cache), counted(1), 'the snapshot afterwards');
  });

  list.add('a snapshot that is too large is refused, and the last one stays', async ({ cache, tooLarge }, secrets) => {
    await save(cache, counted(1));
    if (tooLarge !== undefined) {
      await expectRejection(cache.save(tooLarge, never()), {
        what: 'saving too large a snapshot',
        secrets,
        reasons: ['too-large'],
      });
    }
    expectSame(await load(cache), counted(1), 'the snapshot afterwards');
  });

  list.addFault(
    'corrupt',
    'F53 a corrupt cache is an error with a reason, and the next save mends it',
    async (opened, begin) => {
      const { cache, secrets } = opened;
      await save(cache, counted(1));
      await begin();
      const error = await expectRejection(cache.load(never()), {
        what: 'loading a corrupt cache',
        secrets,
        reasons: ['invalid'],
      });
      expectThat(error.message.length > 20, 'the message does not say what is wrong');
      await save(cache, counted(2));
      expectSame(await load(cache), counted(2), 'the snapshot after the next save');
    },
  );

  list.addFault(
    'unauthorized',
    'F53 a cache that cannot be written is an error with a reason',
    async (opened, begin) => {
      const { cache, secrets } = opened;
      await save(cache, counted(1));
      const mend = await begin();
      await expectRejection(cache.save(counted(2), never()), {
        what: 'saving without rights',
        secrets,
        reasons: ['unauthorized'],
      });
      await mend();
      expectSame(await load(cache), counted(1), 'the snapshot afterwards');
    },
  );

  list.addFault('down', 'a cache that is down is a retryable error', async (opened, begin) => {
    const { cache, secrets } = opened;
    const mend = await begin();
    for (const [what, attempt] of [
      ['loading', () => cache.load(never())],
      ['saving', () => cache.save(counted(1), never())],
    ] as const) {
      const error = await expectRejection(attempt(), { what, secrets, reasons: ['unavailable', 'timeout'] });
      expectThat(error.retryable, 'the error of a cache that is down is not retryable');
    }
    await mend();
  });

  list.addFault('hang', 'an abort ends calls that are never answered', async (opened, begin) => {
    const { cache, secrets } = opened;
    const mend = await begin();
    const stop = new AbortController();
    const calls = [cache.load(stop.signal), cache.save(counted(1), stop.signal)];
    for (const call of calls) call.catch(() => undefined);
    await settle();
    stop.abort();
    for (const call of calls) await expectRejection(call, { what: 'an aborted call', secrets, ms: PROMPTLY_MS });
    await mend();
  });

  list.addLeavesNothing(async ({ cache }) => {
    await save(cache, counted(1));
    await load(cache);
  });

  return list.checks;
}

function counted(n: number): CachedSnapshot {
  return {
    text: sampleDocument(n),
    revision: { epoch: 1_700_000_000_000, version: n, hash: 'c'.repeat(64) },
    source: 'primary',
    verifiedAtMs: 1_763_812_800_000 + n,
  };
}

function hashed(n: number): CachedSnapshot {
  return { ...counted(n), revision: { hash: 'd'.repeat(64) }, source: 'file:flags.json' };
}

function load(cache: SnapshotCache): Promise<CachedSnapshot | undefined> {
  return within(EVENTUALLY_MS, 'the end of a load', cache.load(never()));
}

function save(cache: SnapshotCache, snapshot: CachedSnapshot): Promise<void> {
  return within(EVENTUALLY_MS, 'the end of a save', cache.save(snapshot, never()));
}
