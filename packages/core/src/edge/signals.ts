import type { Doubts } from '../evaluation/doubts.ts';
import type { Tally } from '../evaluation/tally.ts';
import type { Command } from '../refresh/protocol.ts';
import type { Signals } from '../refresh/turn.ts';

/** The options that are milliseconds. */
export interface EdgeDurations {
  readonly revalidateAfterMs?: number;
  readonly staleAfterMs?: number;
  readonly timeoutMs?: number;
}

/** What an edge client is given to be heard of. Made by `edgeSignals`; what is in it is between the two. */
export interface EdgeSignals {
  readonly decisions: Signals;
  tell(command: Command): void;
  /** Counts the client's answers; undefined where nobody wants metrics. */
  readonly tally: Tally | undefined;
  /** Hears of contexts that can hardly be meant; undefined where nobody has a log. */
  readonly doubts: Doubts | undefined;
  /**
   * Warns of options of the client that do not exist, since misspelt ones do nothing, and of durations that were surely
   * meant in seconds.
   */
  warnOf(options: EdgeDurations): void;
  /** Errors that sink and logger threw so far, and failures of the cache. */
  readonly isolatedErrors: number;
}
