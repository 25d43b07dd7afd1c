import type { LogEntry, LogLevel } from '../../refresh/protocol.ts';
import { printable, printableLine } from '../../adapter-kit/printable.ts';
import { redact } from '../../adapter-kit/redact.ts';

/** Where log lines go. A logger that throws is isolated and counted. */
export interface Logger {
  log(entry: LogEntry): void;
}

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 };

export const LOG_LEVELS = Object.keys(RANK) as readonly LogLevel[];

/** Whether a line of `level` is wanted at `threshold`. */
export function isLogged(level: LogEntry['level'], threshold: LogLevel): boolean {
  return RANK[level] >= RANK[threshold];
}

/**
 * The default logger: one line on the console, what varies as JSON. Nothing that a store holds makes it two, or is
 * obeyed by a terminal.
 */
export const consoleLogger: Logger = {
  log({ level, message, fields }) {
    const names = Object.keys(fields);
    // eslint-disable-next-line no-console -- this is the one place that writes to the console
    console[level](
      `[clarity-flags] ${printableLine(message)}${names.length === 0 ? '' : ` ${printable(JSON.stringify(fields))}`}`,
    );
  },
};

/** The entry without undefined fields and without the credentials that can be recognised in its texts. */
export function redactEntry({ level, message, fields }: LogEntry): LogEntry {
  const clean: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) clean[name] = typeof value === 'string' ? redact(value) : value;
  }
  return { level, message: redact(message), fields: clean };
}
