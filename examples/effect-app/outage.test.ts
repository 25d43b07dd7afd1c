// How to test what a program does while its store is down: a test clock, on which a minute takes no time.
import { Breaker, Flags, flagsLayer, Refresh, Staleness } from '@clarity/flags-core/effect';
import { faultyStore, memoryStore } from '@clarity/flags-testing';
import * as Effect from 'effect/Effect';
import * as Stream from 'effect/Stream';
import * as TestClock from 'effect/testing/TestClock';
import { expect, it } from 'vitest';
import { reports, sentence } from './reports.ts';

const text = JSON.stringify({ schemaVersion: 1, flags: { pat_model_v2: { status: 'enabled' } } });

/** Stores answer by promises, which no clock moves. */
const settle = Effect.promise(() => new Promise<void>((resolve) => setTimeout(resolve)));
const pass = (seconds: number) =>
  Effect.repeat(Effect.andThen(TestClock.adjust('1 second'), settle), { times: seconds - 1 });

it('tells of an outage and of its end, in order, and goes on answering', async () => {
  const store = faultyStore(memoryStore({ text }));
  const services = flagsLayer({
    source: store.source,
    refreshMode: 'periodic',
    refreshIntervalMs: 10_000,
    refreshJitter: 0,
    staleAfterMs: 60_000,
    variables: false,
    logLevel: 'silent',
  });
  const told: string[] = [];
  const program = Effect.gen(function* () {
    const [flags, refresh] = [yield* Flags, yield* Refresh];
    const [breaker, staleness] = [yield* Breaker, yield* Staleness];
    yield* staleness.awaitFresh;
    yield* Effect.forkScoped(Stream.runForEach(reports, (report) => Effect.sync(() => told.push(sentence(report)))));
    yield* settle;

    store.fail('unavailable');
    yield* pass(70);
    expect(yield* breaker.state).toBe('open');
    expect(yield* Effect.flip(refresh.now)).toMatchObject({ _tag: 'BreakerOpen' });
    expect(flags.isEnabled('pat_model_v2', { userId: 'u1' })).toBe(true);

    store.mend();
    yield* pass(60);
    expect((yield* staleness.freshness).state).toBe('fresh');
    expect(flags.isEnabled('pat_model_v2', { userId: 'u1' })).toBe(true);
  });
  // The test clock begins in 1970, and the store counts by the real one.
  const today = TestClock.setTime(Date.now());
  await Effect.runPromise(
    Effect.andThen(today, Effect.scoped(program).pipe(Effect.provide(services))).pipe(
      Effect.provide(TestClock.layer()),
    ),
  );

  // One stream keeps its order; of several, each has its own.
  expect(told.filter((line) => line.startsWith('Breaker'))).toEqual([
    'Breaker: open',
    'Breaker: half-open',
    'Breaker: open',
    'Breaker: half-open',
    'Breaker: closed',
  ]);
  expect(told.filter((line) => line.startsWith('Flags'))).toEqual(['Flags: fresh', 'Flags: stale', 'Flags: fresh']);
  expect(told).toContain('Failed: StoreUnavailable. The client goes on trying');
});
