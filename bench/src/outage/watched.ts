/** A client of flags in an outage, asked by nothing but its public interface. */
export interface Watched {
  /** What it says of itself: the words of its own interface. */
  says(): string | Promise<string>;
  /** What it answers for the flag, which is on for everybody. */
  isEnabled(): boolean | Promise<boolean>;
  close(): Promise<unknown> | void;
}

/** How to watch a client. */
export interface Watchable {
  /** What the store serves to it: the text of its document, and what it is wrapped in. */
  routes(): Readonly<Record<string, Served>>;
  /** Follows the store at `url` as its documentation says, by its default logger; resolves once it has flags. */
  follow(url: string): Promise<Watched>;
}

/** What stands at a path of the store. */
export interface Served {
  readonly text: string;
  readonly type: 'application/json' | 'text/event-stream' | 'application/x-ndjson';
  /** The answer stays open, as a stream does; this is repeated in it now and then. */
  readonly heartbeat?: string;
}

/** The flag that everybody asks for, on for everybody. */
export const FLAG = { kind: 'static', key: 'new_checkout', on: true } as const;

/** How often those who poll do it. */
export const POLL_MS = 10_000;

/** The age at which ours is told to call its flags stale. */
export const STALE_AFTER_MS = 30_000;
