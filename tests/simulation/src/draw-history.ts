import { boundOf } from '../../../packages/core/src/refresh/bound.ts';
import { pauseMs, type Settings } from '../../../packages/core/src/refresh/settings.ts';
import { STORE_ERROR_REASONS } from '../../../packages/core/src/ports/store-error.ts';
import { type Dice, dice } from './dice.ts';
import { drawSettings } from './draw-settings.ts';
import type { Action, Behaviour, FeedAnswer, History, StoreKind } from './history.ts';
import type { Publisher } from './world/held.ts';

const DAY_MS = 86_400_000;
/** An end that would take more polls than this is left out. */
const MOST_POLLS_AT_REST = 400;

/** The history of a seed. */
export function drawHistory(seed: number, background = true): History {
  const roll = dice(seed, 'history');
  const settings = background ? drawSettings(roll) : drawEdgeSettings(roll);
  const actions = drawActions(roll, settings);
  const stores = settings.sources.map((): StoreKind => drawStore(roll));
  return {
    seed,
    settings,
    machine: {
      bootResolutionMs: roll.weighed([
        [3, undefined],
        [3, 10],
        [2, 1_000],
        [1, 1],
      ]),
      monotonicSleeps: roll.chance(0.7),
      timerErrorMs: roll.weighed([
        [4, 0],
        [2, 1.3],
        [2, -0.7],
      ]),
      wallErrorMs: roll.chance(0.1) ? -3 * DAY_MS : 0,
      monotonicStartMs: roll.chance(0.3) ? 0 : roll.between(0, 1e9),
    },
    stores,
    feed:
      settings.feed === undefined ? undefined : { answers: drawFeedAnswer(roll, 6), ignoresAbort: roll.chance(0.2) },
    cache: settings.hasCache
      ? {
          loads: roll.pick([
            'nothing',
            'older',
            'present',
            'foreign',
            'corrupt',
            'misshapen',
            'refuses',
            'hangs',
            'throws',
          ]),
          saves: roll.weighed([
            [5, 'at-once'],
            [2, 'slowly'],
            [1, 'refuses'],
            [1, 'hangs'],
          ]),
        }
      : undefined,
    bootstrap: roll.chance(0.3),
    actions,
    requestsEveryMs: background ? undefined : settings.intervalMs * roll.magnitude(0.1, 1.5),
    restMs: Math.min(restMs(settings), mostRestMs(settings)) * roll.between(0.2, 1),
  };
}

/** What an edge client can be: it has no feed, and reads within requests. */
function drawEdgeSettings(roll: Dice): Settings {
  for (;;) {
    const settings = drawSettings(roll);
    if (settings.mode === 'periodic') return { ...settings, feed: undefined, background: false };
  }
}

function drawStore(roll: Dice): StoreKind {
  return {
    revisions: roll.weighed([
      [5, 'counted'],
      [2, 'counted-with-hash'],
      [2, 'hash'],
    ]),
    holds: roll.weighed([
      [7, 'good'],
      [1, 'bad'],
      [2, 'nothing'],
    ]),
    tellsTime: roll.chance(0.3),
    tellsPublication: roll.chance(0.8),
    remembers: roll.chance(0.85),
    memoryMs: roll.chance(0.1) ? roll.magnitude(100, 60_000) : 0,
  };
}

function drawActions(roll: Dice, settings: Settings): Action[] {
  const count = roll.weighed([
    [3, roll.integer(1, 8)],
    [5, roll.integer(5, 30)],
    [2, roll.integer(20, 70)],
  ]);
  // Stores that lose what they confirmed are a kind of history of their own.
  const losing = roll.chance(0.3);
  const drawn: Action[] = [];
  let atMs = roll.chance(0.5) ? 0 : gapMs(roll, settings);
  for (let i = 0; i < count; i++) {
    drawn.push({ atMs, ...drawAction(roll, settings, losing) });
    atMs += roll.chance(0.15) ? 0 : gapMs(roll, settings);
  }
  if (drawn.some(({ kind }) => kind === 'close')) return drawn;
  if (roll.chance(0.2)) return settings.background ? [...drawn, { atMs, kind: 'close' }] : drawn;
  if (roll.chance(0.15) || boundMs(settings) > mostRestMs(settings)) return drawn;
  // Most histories end well, so that it is seen whether the client gets there; some with one more change.
  drawn.push({ atMs, kind: 'calm', slowness: drawSlowness(roll) });
  const laterMs = atMs + boundMs(settings) + 50;
  // Or with a sleep from which it wakes with some time left; where nothing polls, right after somebody asked.
  const polls = pauseMs(settings) !== undefined;
  if (settings.background && roll.chance(polls ? 0.05 : 0.7)) {
    if (!polls) drawn.push({ atMs: laterMs, kind: 'refresh', force: true, times: 1 });
    const ms = settings.staleAfterMs * roll.between(0.05, 1);
    const sleepsMs = laterMs + settings.timeoutMs;
    // Something small makes it notice: on waking nothing rings.
    return [...drawn, { atMs: sleepsMs, kind: 'sleep', ms }, { atMs: sleepsMs + ms + 1, kind: 'reset-breaker' }];
  }
  const by = drawPublisher(roll);
  if (roll.chance(losing ? 0.6 : 0.3)) drawn.push({ atMs: laterMs, kind: 'publish', store: 0, good: true, by });
  else if (roll.chance(0.5)) drawn.push({ atMs: laterMs, kind: 'publish-behind-read', store: 0, by });
  return drawn;
}

function boundMs(settings: Settings): number {
  return boundOf(settings).afterOutageMs ?? settings.intervalMs;
}

/** Long enough for the bound to pass, and for a few polls after it. */
function restMs(settings: Settings): number {
  const pause = pauseMs(settings) ?? settings.intervalMs;
  return boundMs(settings) * 1.5 + 10 * pause;
}

function mostRestMs(settings: Settings): number {
  return MOST_POLLS_AT_REST * (pauseMs(settings) ?? settings.intervalMs);
}

/** A while, on one of the scales that matter to these settings. */
function gapMs(roll: Dice, settings: Settings): number {
  const { timeoutMs, minNoticeGapMs, staleAfterMs, breaker, intervalMs } = settings;
  const pause = pauseMs(settings) ?? intervalMs;
  const scale = roll.pick([timeoutMs, pause, pause, minNoticeGapMs, staleAfterMs, breaker.recoveryTimeoutMs, 5]);
  return Math.min(scale * roll.magnitude(0.05, 2.5), 40 * pause);
}

type Undated = Action extends infer Each ? (Each extends Action ? Omit<Each, 'atMs'> : never) : never;

function drawAction(roll: Dice, settings: Settings, losing: boolean): Undated {
  const store = roll.chance(0.75) ? 0 : roll.integer(0, settings.sources.length - 1);
  const feed = settings.feed === undefined ? 0 : 1;
  const background = settings.background ? 1 : 0;
  const loses = losing ? 1 : 0;
  const by = drawPublisher(roll);
  return roll.weighed<() => Undated>([
    [10 + 10 * loses, () => ({ kind: 'publish', store, good: roll.chance(0.8), by })],
    [2, () => ({ kind: 'publish-behind-read', store, by })],
    [2, () => ({ kind: 'restore', store, by })],
    [5 * loses, () => ({ kind: 'lose', store, publications: roll.integer(1, 4) })],
    [4 * loses, () => drawFailover(roll, settings, store)],
    [2 + 2 * loses, () => ({ kind: 'put-back', store, states: roll.integer(1, 4) })],
    [3 * loses, () => ({ kind: 'server-clock-jump', store, ms: drawClockErrorMs(roll) })],
    [
      1,
      () => ({
        kind: 'poison',
        store,
        how: roll.pick(['epoch-ahead', 'version-huge', 'version-negative', 'not-a-number']),
      }),
    ],
    [2, () => ({ kind: 'flush', store })],
    [9, () => ({ kind: 'behave', store, behaviour: drawBehaviour(roll, settings) })],
    [7, () => ({ kind: 'behave', store, behaviour: { kind: 'good' } })],
    [5, () => drawLatency(roll, settings, store)],
    [2, () => ({ kind: 'lag', store, versions: roll.integer(0, 2) })],
    [2, () => ({ kind: 'ignore-abort', store, on: roll.chance(0.7) })],
    [2 * feed, () => ({ kind: 'feed-answers', answer: drawFeedAnswer(roll, 3) })],
    [
      2 * feed,
      () => ({
        kind: 'feed-delivers',
        lose: roll.pick([0, 0.3, 1]),
        duplicate: roll.pick([0, 0.5]),
        mostMs: roll.magnitude(1, 5_000),
        names: roll.chance(0.6),
      }),
    ],
    [3 * feed, () => ({ kind: 'feed-down' })],
    [3 * feed, () => ({ kind: 'feed-up' })],
    [4 * feed, () => drawNotices(roll, settings)],
    [3, () => ({ kind: 'sleep', ms: drawSleepMs(roll, settings) })],
    [1, () => ({ kind: 'doze', ms: settings.timeoutMs * roll.magnitude(0.2, 5) })],
    [
      2,
      () => ({
        kind: 'block',
        ms: roll.magnitude(1, Math.max(2, 3 * settings.timeoutMs)),
        timersFirst: roll.chance(0.5),
      }),
    ],
    [
      2,
      () => ({
        kind: 'wall-jump',
        ms: roll.pick([1, -1]) * (roll.chance(0.3) ? 3 * DAY_MS : roll.magnitude(100, 4 * DAY_MS)),
      }),
    ],
    [
      7,
      () => ({
        kind: 'refresh',
        force: roll.chance(0.25),
        times: roll.weighed([
          [6, 1],
          [2, 3],
          [1, 20],
        ]),
      }),
    ],
    [2 * background, () => ({ kind: 'reset-breaker' })],
    [4 * (1 - background), () => ({ kind: 'orphan' })],
    [3, () => ({ kind: 'look' })],
    [0.5 * background, () => ({ kind: 'close' })],
    [1, () => ({ kind: 'calm', slowness: drawSlowness(roll) })],
  ])();
}

/** Most publish with a version of today, many of them from one service that goes on running. */
function drawPublisher(roll: Dice): Publisher {
  return roll.weighed([
    [6, 'remembering'],
    [3, 'forgetful'],
    [1, 'old'],
  ]);
}

function drawFailover(roll: Dice, settings: Settings, store: number): Undated {
  return {
    kind: 'failover',
    store,
    publications: roll.integer(0, 3),
    clockErrorMs: roll.chance(0.5) ? 0 : drawClockErrorMs(roll),
    formerAnswersForMs: roll.chance(0.5) ? 0 : settings.intervalMs * roll.magnitude(0.1, 10),
  };
}

/** From seconds that nobody notices to days. */
function drawClockErrorMs(roll: Dice): number {
  return Math.round(roll.pick([1, -1]) * roll.magnitude(1_000, 4 * DAY_MS));
}

/** As slow as is still in time, half the time. */
function drawSlowness(roll: Dice): number {
  return roll.chance(0.5) ? 0.85 : roll.between(0, 0.85);
}

function drawBehaviour(roll: Dice, settings: Settings): Behaviour {
  return roll.weighed<() => Behaviour>([
    [3, () => ({ kind: 'hangs' })],
    [
      7,
      () => ({
        kind: 'fails',
        reason: roll.chance(0.5)
          ? 'unavailable'
          : roll.pick(STORE_ERROR_REASONS as [(typeof STORE_ERROR_REASONS)[number]]),
        ...(roll.chance(0.3) ? { retryable: roll.chance(0.5) } : {}),
        ...(roll.chance(0.3) ? { retryAfterMs: roll.magnitude(1, settings.intervalMs * 30) } : {}),
        ...(roll.chance(0.3) ? { namesRevision: true } : {}),
        ...(roll.chance(0.2) ? { notADocument: true } : {}),
      }),
    ],
    [1, () => ({ kind: 'throws' })],
    [1, () => ({ kind: 'html' })],
    [1, () => ({ kind: 'cut-short' })],
    [1, () => ({ kind: 'nonsense' })],
    [1, () => ({ kind: 'says-unchanged' })],
  ])();
}

function drawLatency(roll: Dice, settings: Settings, store: number): Undated {
  const { timeoutMs, sources } = settings;
  // As slow as is still in time, or slower than anybody waits.
  const mostMs = roll.pick([0, timeoutMs * 0.1, (timeoutMs / sources.length) * 0.88, timeoutMs * 0.95, timeoutMs * 3]);
  return { kind: 'latency', store, leastMs: mostMs * roll.pick([0, 0.5, 1]), mostMs };
}

function drawFeedAnswer(roll: Dice, good: number): FeedAnswer {
  return roll.weighed<FeedAnswer>([
    [good, 'acknowledge'],
    [1, 'acknowledge-at-once'],
    [1, 'refuse'],
    [0.5, 'refuse-with-patience'],
    [0.5, 'refuse-the-user'],
    [1, 'silence'],
    [0.5, 'throw'],
  ]);
}

function drawNotices(roll: Dice, settings: Settings): Undated {
  const { minNoticeGapMs } = settings;
  const names = roll.weighed([
    [4, 'nothing'],
    [1, 'present'],
    [1, 'old'],
    [2, 'ahead'],
    [1, 'foreign'],
    [1, 'garbled'],
  ] as const);
  const count = roll.weighed([
    [4, 1],
    [2, 5],
    [2, 30],
    [0.5, 150],
  ]);
  return { kind: 'notices', count, everyMs: roll.chance(0.3) ? 0 : minNoticeGapMs * roll.magnitude(0.01, 1.5), names };
}

function drawSleepMs(roll: Dice, settings: Settings): number {
  return roll.weighed([
    [2, roll.magnitude(1, 20_000)],
    [2, settings.staleAfterMs * roll.magnitude(0.2, 4)],
    [1, 8 * 3_600_000],
  ]);
}
