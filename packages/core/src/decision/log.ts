export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** One line of the log: a message that stays the same, and what varies as fields. Holds no secret and no payload. */
export interface LogEntry {
  readonly level: Exclude<LogLevel, 'silent'>;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}
