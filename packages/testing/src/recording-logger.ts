import type { LogEntry, Logger } from '@clarity/flags-core';

/** A logger that says nothing. */
export const silentLogger: Logger = { log: () => undefined };

export interface RecordingLogger extends Logger {
  /** Everything logged so far, oldest first. */
  readonly entries: readonly LogEntry[];
  /** The messages of one level, oldest first; without a level, all of them. */
  messages(level?: LogEntry['level']): readonly string[];
}

/** A logger that keeps everything in memory. */
export function recordingLogger(): RecordingLogger {
  const entries: LogEntry[] = [];
  return {
    entries,
    log: (entry) => {
      entries.push(entry);
    },
    messages: (level) =>
      entries.filter((entry) => level === undefined || entry.level === level).map((entry) => entry.message),
  };
}
