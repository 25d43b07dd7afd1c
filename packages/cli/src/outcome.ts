/** How a command ends. The numbers are a contract with scripts. */
export const EXIT = {
  ok: 0,
  /** The command worked and found something wrong: an invalid document, a store that a doctor would treat. */
  findings: 1,
  /** The command line or a file of it cannot be used. */
  usage: 2,
  /** The store did not do what was asked. */
  store: 3,
  /** The store holds something else than expected. */
  conflict: 4,
  /** The user, or a signal, stopped it before it was done: 128 and the number of SIGINT, as shells have it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a command found: for programs as a value, for people as lines. */
export interface Outcome {
  readonly code: ExitCode;
  readonly value: unknown;
  readonly lines: readonly Line[];
  /** Printed in place of both as it is, to the last byte; on a terminal without what it would obey. */
  readonly raw?: string;
  /**
   * What somebody should look at although the command succeeded. It goes to standard error, beside text and JSON alike.
   */
  readonly warnings?: readonly string[];
}

/** One line for people, with what it means. */
export interface Line {
  readonly text: string;
  readonly tone?: 'good' | 'bad' | 'doubtful' | 'quiet';
  /**
   * Whether it may take several lines, as a document does. In any other text a line feed is shown as `\n`, so that no
   * key forges a line.
   */
  readonly isBlock?: boolean;
}

/** The command line cannot be used; the message says what is allowed. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
