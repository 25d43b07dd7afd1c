import type { Flag } from './flag.ts';
import type { User } from './user.ts';

/** A system under measurement, in its local mode: no network, no events. */
export interface Subject {
  /** Its own text for these flags, as its server or its file would give it. */
  write(flags: readonly Flag[]): string;
  /** Its own kind of context for a user. */
  contextFor(user: User): unknown;
  /** Reads a text that `write` made, the way its users do, until it answers from it. */
  load(text: string): Promise<Loaded>;
}

export interface Loaded {
  /** What a user calls, and nothing more. Those whose answer is a promise are awaited at each call. */
  isEnabled(key: string, context: unknown): boolean | Promise<boolean>;
  /** The answer for a key that is not known: what the caller gave as fallback. */
  orElse(key: string, context: unknown, fallback: boolean): boolean | Promise<boolean>;
  /** All flags for one context, by its own bulk call where it has one. */
  all(context: unknown): unknown;
  /** The values in what `all` gave. Without it they are that itself. */
  valuesIn?(all: unknown): Readonly<Record<string, unknown>>;
  /** Loads another text into what is running, the way its users get a change. Without it a new one is made. */
  reload?(text: string): Promise<void>;
  close(): Promise<void> | void;
}
