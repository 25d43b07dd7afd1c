import type { Tally } from '../evaluation/tally.ts';
import type { Command } from '../refresh/protocol.ts';
import type { Signals } from '../refresh/turn.ts';

/** What an edge client is given to be heard of. Made by `edgeSignals`; what is in it is between the two. */
export interface EdgeSignals {
  readonly decisions: Signals;
  tell(command: Command): void;
  /** Counts the client's answers; undefined where nobody wants metrics. */
  readonly tally: Tally | undefined;
  /** Warns of options of the client that do not exist: misspelt ones do nothing. */
  warnOfUnknown(options: object): void;
  /** Errors that sink and logger threw so far, and failures of the cache. */
  readonly isolatedErrors: number;
}
