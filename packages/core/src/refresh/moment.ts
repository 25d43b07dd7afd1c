/**
 * What the driver knows of time and chance when something happens. Decisions read no clock and roll no dice: they are
 * handed a moment.
 */
export interface Moment {
  /** Milliseconds of a clock that never jumps; its zero is arbitrary. It may stand still while the machine sleeps. */
  readonly monotonicMs: number;
  /** Unix milliseconds. May jump either way. */
  readonly wallMs: number;
  /** Milliseconds since the machine started, its sleep included, where the runtime tells; else undefined. */
  readonly bootMs: number | undefined;
  /** A random number from 0 (inclusive) to 1 (exclusive), new for each moment. */
  readonly random: number;
}

/** A moment that was written down: chance is of no use later. */
export type Stamp = Omit<Moment, 'random'>;

export function stampOf({ monotonicMs, wallMs, bootMs }: Moment): Stamp {
  return { monotonicMs, wallMs, bootMs };
}

/** The stamp of a moment that lies `ms` before this one. */
export function stampBefore({ monotonicMs, wallMs, bootMs }: Stamp, ms: number): Stamp {
  return { monotonicMs: monotonicMs - ms, wallMs: wallMs - ms, bootMs: bootMs === undefined ? undefined : bootMs - ms };
}

/** Clock corrections below this are everyday; a forward jump above it may have been a sleep. */
const JUMP_TOLERANCE_MS = 10_000;

export interface Elapsed {
  readonly ms: number;
  /**
   * The wall clock ran ahead of the monotonic clock and nothing here can tell whether the machine slept or somebody set
   * the clock (F40, F41). Never so where the runtime offers boot time.
   */
  readonly uncertain: boolean;
}

/**
 * How long ago `stamp` was. Boot time decides where there is one; a backward jump of the wall clock changes nothing.
 */
export function elapsedSince(stamp: Stamp, now: Stamp): Elapsed {
  const awakeMs = Math.max(0, now.monotonicMs - stamp.monotonicMs);
  if (stamp.bootMs !== undefined && now.bootMs !== undefined) {
    // Boot time is coarser than the monotonic clock, so the finer one is kept while they agree.
    const bootMs = now.bootMs - stamp.bootMs;
    return { ms: bootMs - awakeMs > 1_000 ? bootMs : awakeMs, uncertain: false };
  }
  const wallMs = now.wallMs - stamp.wallMs;
  const uncertain = wallMs - awakeMs > JUMP_TOLERANCE_MS;
  return { ms: uncertain ? wallMs : awakeMs, uncertain };
}

/**
 * When a store confirmed what it answers now: as the answer arrives. One that was on its way for longer than its
 * deadline allows (the machine slept, the event loop stood still), or for nobody knows how long, is as old as the
 * question.
 */
export function confirmedAt(
  askedAt: Stamp,
  now: Stamp,
  { ageMs, deadlineMs }: { ageMs: number; deadlineMs: number },
): Stamp {
  const { ms, uncertain } = elapsedSince(askedAt, now);
  if (uncertain || ms > deadlineMs) return stampBefore(askedAt, ageMs);
  // Boot time and a wall clock that ran ahead go on from the question: a nap too short to be sure of is not forgotten,
  // but added to the next one.
  const { monotonicMs } = now;
  const awakeMs = monotonicMs - askedAt.monotonicMs;
  const bootMs = askedAt.bootMs === undefined || now.bootMs === undefined ? undefined : askedAt.bootMs + awakeMs;
  const wallMs = Math.min(now.wallMs, Math.ceil(askedAt.wallMs + awakeMs));
  return stampBefore({ monotonicMs, wallMs, bootMs }, ageMs);
}

/**
 * The later of two confirmations: the one we knew, and the one that has come now. It can be the older one: of two
 * servers that answer from memory, the second may have looked less recently. Their ages are compared without the wall
 * clock. Where an age is uncertain the new one counts, since the known one was there before the question was asked; a
 * wall clock that was set back may make it look younger.
 */
export function renewed(known: Stamp, confirmed: Stamp, now: Stamp): Stamp {
  const age = elapsedSince(confirmed, now);
  const knownAge = elapsedSince(known, now);
  if (age.uncertain || knownAge.uncertain || age.ms <= knownAge.ms) return confirmed;
  // If the wall clock was set back since, the kept stamp would lie in its future and hide a sleep of that length. So
  // the stamp is moved to what the wall clock would have shown then.
  const wallMs = now.wallMs - (now.monotonicMs - known.monotonicMs);
  return wallMs < known.wallMs ? { ...known, wallMs } : known;
}
