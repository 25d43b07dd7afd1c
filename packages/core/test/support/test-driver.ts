import * as Effect from 'effect/Effect';
import type * as Scope from 'effect/Scope';
import * as TestClock from 'effect/testing/TestClock';
import type { Announcement, LogEntry, RefreshResult } from '../../src/refresh/protocol.ts';
import type { Settings } from '../../src/refresh/settings.ts';
import type { State } from '../../src/refresh/state.ts';
import { decodeDocument } from '../../src/document/decode.ts';
import { type Driver, makeDriver } from '../../src/drivers/background/driver.ts';
import { plainDriver } from '../../src/drivers/background/run-driver.ts';
import type { DriverParts } from '../../src/drivers/parts.ts';
import type { FlagSource } from '../../src/ports/source.ts';
import { settings as defaults } from './settings.ts';

/** A driver under the test clock, with everything that it tells written down. */
export interface TestDriver extends ReturnType<typeof plainDriver>, Pick<Driver, 'refresh' | 'saved'> {
  readonly announcements: Announcement[];
  readonly logs: LogEntry[];
  readonly counts: Map<string, number>;
  readonly gauges: Map<string, number>;
  readonly states: State[];
}

export interface TestEngineOptions extends Partial<Omit<DriverParts, 'settings' | 'sources'>> {
  readonly settings?: Partial<Settings>;
  readonly source: FlagSource | readonly FlagSource[];
}

export const testDriver = Effect.fnUntraced(function* (
  options: TestEngineOptions,
): Effect.fn.Return<TestDriver, never, Scope.Scope> {
  const sources = Array.isArray(options.source)
    ? (options.source as readonly FlagSource[])
    : [options.source as FlagSource];
  const { feed, cache } = options;
  const settings = defaults({
    sources: sources.map(({ name }) => name),
    feed: feed?.name,
    hasCache: cache !== undefined,
    ...options.settings,
  });
  const told = {
    announcements: [] as Announcement[],
    logs: [] as LogEntry[],
    counts: new Map<string, number>(),
    gauges: new Map<string, number>(),
    states: [] as State[],
  };
  const driver = yield* makeDriver({
    settings,
    sources,
    feed,
    cache,
    bootstrap: options.bootstrap,
    decode: options.decode ?? decodeDocument,
    bootTimeMs: options.bootTimeMs ?? (() => undefined),
    outlets: {
      changed: (state) => void told.states.push(state),
      announce: (announcement) => void told.announcements.push(announcement),
      log: (entry) => void told.logs.push(entry),
      metrics: {
        count: (name, labels = {}, value = 1) => {
          const series = `${name}${Object.keys(labels).length === 0 ? '' : JSON.stringify(labels)}`;
          told.counts.set(series, (told.counts.get(series) ?? 0) + value);
        },
        gauge: (name, value) => void told.gauges.set(name, value),
        observe: () => {},
      },
    },
  });
  const { refresh, saved } = driver;
  return { ...plainDriver(driver, options.bootstrap), refresh, saved, ...told };
});

/** Lets promises and fibers that are ready run, without moving the clock. */
export const settle: Effect.Effect<void> = Effect.repeat(
  Effect.promise(() => new Promise<void>((resolve) => setImmediate(resolve))),
  { times: 3 },
);

/** Moves the clock on in steps of at most a second, letting everything settle after each. */
export function pass(ms: number): Effect.Effect<void> {
  return Effect.gen(function* () {
    for (let left = ms; left > 0; left -= 1_000) {
      yield* TestClock.adjust(Math.min(left, 1_000));
      yield* settle;
    }
  });
}

/** A manual refresh that has ended by the time it is looked at. */
export function refreshed(driver: Pick<Driver, 'refresh'>, force = false): Effect.Effect<RefreshResult> {
  return Effect.gen(function* () {
    let result: RefreshResult | undefined;
    yield* Effect.forkChild(Effect.map(driver.refresh(force), (given) => void (result = given)));
    yield* settle;
    if (result === undefined) throw new Error('the refresh has not ended');
    return result;
  });
}
