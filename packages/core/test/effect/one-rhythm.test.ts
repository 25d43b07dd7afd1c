import * as Duration from 'effect/Duration';
import * as Effect from 'effect/Effect';
import * as Pull from 'effect/Pull';
import * as Schedule from 'effect/Schedule';
import { expect, it } from 'vitest';
import { sized } from '../../../../scripts/drawn-tests.ts';
import { type Beat, refreshRhythm } from '../../src/effect.ts';
import { STORE_ERROR_REASONS, StoreError } from '../../src/ports/store-error.ts';
import { decide } from '../../src/refresh/decide.ts';
import type { DecisionEvent, TimerName } from '../../src/refresh/protocol.ts';
import { beatOf } from '../../src/refresh/schedule.ts';
import type { Settings } from '../../src/refresh/settings.ts';
import { initialState, type State } from '../../src/refresh/state.ts';
import type { Random } from '../document/random.ts';
import { document, rejected, unchanged } from '../refresh/decided.ts';
import { forManySeeds } from '../refresh/many-seeds.ts';
import { counted } from '../support/scripted-source.ts';
import { settings } from '../support/settings.ts';

/** `forManySeeds` makes 100,000 of them at full size. */
const SEQUENCES = sized(500, 5_000);
const EVENTS = 16;

const DOCUMENTS = [1, 2, 3].map((version) => document(counted(version)));

function anySettings(random: Random): Settings {
  const recoveryTimeoutMs = 1 + random.integer(60_000);
  return settings({
    mode: random.pick(['periodic', 'pubsub', 'both', 'none'] as const),
    intervalMs: 1 + random.integer(random.pick([50, 5_000, 3_600_000])) + random.pick([0, 0.5]),
    jitter: random.pick([0, 0.1, 0.5]),
    staleAfterMs: 1 + random.integer(7_200_000),
    sources: random.pick([['store'], ['store', 'fallback']]),
    breaker: {
      failureThreshold: 1 + random.integer(4),
      recoveryTimeoutMs,
      growth: random.pick([1, 1.5, 2]),
      maxRecoveryTimeoutMs: 5 * recoveryTimeoutMs,
    },
  });
}

/** Reads that end in every way, timers that are set, people who ask and who close the breaker. */
function anyEvent(random: Random, { flight, timers }: State): DecisionEvent {
  const roll = random.next();
  if (roll < 0.7 && flight?.read !== undefined) {
    const asked = random.chance(0.3) ? { retryAfterMs: random.integer(200_000) } : {};
    const outcome = random.pick([
      random.pick(DOCUMENTS),
      unchanged(counted(random.integer(4))),
      rejected(counted(random.integer(9))),
      { kind: 'failed', error: new StoreError(random.pick(STORE_ERROR_REASONS), 'drawn', asked) } as const,
      { kind: 'failed', error: new StoreError('unavailable', 'drawn', { retryable: false, ...asked }) } as const,
    ]);
    return { kind: 'read-settled', read: flight.read, outcome };
  }
  const timer = random.pick(Object.keys(timers) as TimerName[]);
  if (roll < 0.85 && timer !== undefined) return { kind: 'timer', timer };
  if (roll < 0.95) return { kind: 'refresh-asked', request: 0, force: random.chance(0.3) };
  return { kind: random.pick(['breaker-reset', 'observed'] as const) };
}

/** When the tick must be due after an event, by a schedule that says `pauseOf` a beat. */
function tickAfter(
  { before, event, after, now }: Decision,
  pauseOf: (beat: Beat) => number | undefined,
): number | undefined {
  if (after.flight !== undefined) return undefined;
  const { tick } = before.timers;
  const rung = event.kind === 'timer' && event.timer === 'tick' && tick !== undefined && tick <= now.monotonicMs;
  const ended = before.flight !== undefined || rung || event.kind === 'refresh-asked';
  if (!ended && event.kind !== 'breaker-reset') return tick;
  const pause = pauseOf(beatOf(after, now));
  if (pause === undefined) return undefined;
  const scheduledMs = now.monotonicMs + pause;
  // What is scheduled already is not put off where nothing was read.
  return ended || tick === undefined ? scheduledMs : Math.min(tick, scheduledMs);
}

function kindOf({ breakMs, failures }: Beat): 'usual' | 'afterFailures' | 'afterBreak' {
  if (breakMs !== null) return 'afterBreak';
  return failures > 0 ? 'afterFailures' : 'usual';
}

interface Decision {
  readonly before: State;
  readonly event: DecisionEvent;
  readonly after: State;
  readonly now: Parameters<typeof decide>[2];
}

/** A function from beats to the pauses of a schedule, as `Effect.repeat` takes them; undefined where it has ended. */
function steppedBy(schedule: Schedule.Schedule<unknown, Beat>): (beat: Beat) => number | undefined {
  const step = Effect.runSync(Schedule.toStep(schedule));
  return (beat) =>
    Effect.runSync(
      Pull.matchEffect(step(0, beat), {
        onSuccess: ([, pause]) => Effect.succeed(Duration.toMillis(pause)),
        onDone: () => Effect.succeed(undefined),
        onFailure: Effect.failCause,
      }),
    );
}

it(
  'has one rhythm: each tick that is decided is the pause of the schedule, in whole milliseconds',
  () => {
    const seen = { usual: 0, afterFailures: 0, afterBreak: 0, end: 0 };
    forManySeeds(SEQUENCES, (random) => {
      const drawn = anySettings(random);
      const step = steppedBy(refreshRhythm(drawn));
      const pauseOf = (beat: Beat): number | undefined => {
        const pause = step(beat);
        seen[pause === undefined ? 'end' : kindOf(beat)] += 1;
        if (pause !== undefined && !Number.isSafeInteger(pause)) throw new Error(`the schedule waits for ${pause} ms`);
        return pause;
      };
      let state = initialState(drawn);
      let nowMs = random.integer(1_000_000_000) + random.next();
      for (let count = 0; count < EVENTS; count++) {
        const event = count === 0 ? ({ kind: 'start', bootstrap: undefined } as const) : anyEvent(random, state);
        const dueMs = event.kind === 'timer' ? state.timers[event.timer] : undefined;
        nowMs = Math.max(nowMs, dueMs ?? nowMs + random.integer(20_000) * random.next());
        const now = { monotonicMs: nowMs, wallMs: 1.8e12 + nowMs, bootMs: undefined, random: random.next() };
        const before = state;
        [state] = decide(before, event, now);
        const { tick } = state.timers;
        const scheduled = tickAfter({ before, event, after: state, now }, pauseOf);
        if (tick !== scheduled)
          throw new Error(`after ${JSON.stringify(event)}: ${tick} is decided, ${scheduled} scheduled`);
      }
    });
    for (const times of Object.values(seen)) expect(times).toBeGreaterThan(SEQUENCES / 2);
  },
  sized(30_000, 600_000),
);
