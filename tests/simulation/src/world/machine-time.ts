import type { Machine } from '../history.ts';

/** A sleep that somebody asked the machine for. */
export interface Sleeper {
  readonly dueMonotonicMs: number;
  ring(): void;
}

/** Where a simulated machine's clocks begin: some afternoon in 2026. */
const START_WALL_MS = 1_790_000_000_000;
const START_BOOT_MS = 86_412_345;

/**
 * The clocks of one machine. `trueMs` is the time that really passes, from 0, also when the machine is wrong about it;
 * stores and feeds live in it.
 */
export class MachineTime {
  #trueMs = 0;
  /** Of it, what the machine was awake for: a sum of its own, so that a sleep leaves it exactly as it was. */
  #awakeMs = 0;
  /** How much the wall clock is wrong. */
  wallErrorMs: number;
  /** Sleepers that were rung so far. */
  rung = 0;
  readonly sleepers = new Set<Sleeper>();
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.wallErrorMs = machine.wallErrorMs;
  }

  get trueMs(): number {
    return this.#trueMs;
  }

  /** Time passes up to `trueMs`, unless it has already. */
  passTo(trueMs: number, asleep = false): void {
    if (trueMs <= this.#trueMs) return;
    if (!asleep) this.#awakeMs += trueMs - this.#trueMs;
    this.#trueMs = trueMs;
  }

  monotonicMs(): number {
    const passedMs = this.#machine.monotonicSleeps ? this.#awakeMs : this.#trueMs;
    // In whole nanoseconds, as clocks tell it.
    return Math.round((this.#machine.monotonicStartMs + passedMs) * 1e6) / 1e6;
  }

  /** As `Date.now()` tells it: in whole milliseconds. */
  wallMs(): number {
    return Math.floor(START_WALL_MS + this.trueMs + this.wallErrorMs);
  }

  /** What a right clock would show. */
  rightWallMs(): number {
    return Math.floor(START_WALL_MS + this.trueMs);
  }

  bootMs(): number | undefined {
    const { bootResolutionMs } = this.#machine;
    if (bootResolutionMs === undefined) return undefined;
    return Math.floor((START_BOOT_MS + this.trueMs) / bootResolutionMs) * bootResolutionMs;
  }

  /** A timer as runtimes have them. Returns what cancels it. */
  sleep(ms: number, ring: () => void): () => void {
    const sleeper: Sleeper = {
      dueMonotonicMs: this.monotonicMs() + Math.max(0.1, ms + this.#machine.timerErrorMs),
      ring: () => {
        this.sleepers.delete(sleeper);
        this.rung += 1;
        ring();
      },
    };
    this.sleepers.add(sleeper);
    return () => this.sleepers.delete(sleeper);
  }

  nextSleeper(): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.sleepers) {
      if (first === undefined || sleeper.dueMonotonicMs < first.dueMonotonicMs) first = sleeper;
    }
    return first;
  }
}
