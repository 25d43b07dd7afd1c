import type { Freshness, BreakerStateName } from '../refresh/freshness.ts';
import type { LogLevel, RefreshResult } from '../refresh/protocol.ts';
import type { EvaluationContext } from '../evaluation/context.ts';
import type { Answer, EvaluationDetails } from '../evaluation/details.ts';
import type { FlagValue } from '../document/types.ts';
import type { ClientEvents } from './events.ts';
import type { ExposureCounts } from './exposures.ts';
import type { Health } from './health.ts';
import type { Hook } from '../ports/hook.ts';

/** What answers questions about flags: the client itself, and a view pinned to one snapshot. None of it throws or waits. */
export interface FlagEvaluations {
  /** Whether a boolean flag is on; `fallback` (default false) when it is unknown, set aside, of another type, or there is no document. */
  isEnabled(key: string, context?: EvaluationContext, fallback?: boolean): boolean;
  /**
   * The flag's value, or `fallback` when it is unknown, set aside, of another type than the fallback (lists and objects are two), or there is no document.
   * With null as the fallback a value of any type is given, and null in place of the fallback.
   */
  value<T extends FlagValue | null>(key: string, context: EvaluationContext | undefined, fallback: T): Answer<T>;
  /** The value with variant, reason, error code, what of the context could not be used, and where it came from. Null as in `value`. */
  details<T extends FlagValue | null>(
    key: string,
    context: EvaluationContext | undefined,
    fallback: T,
  ): ClientEvaluationDetails<Answer<T>>;
  /** Every flag's value for a context, keyed by flag. With `clientVisibleOnly`, only flags marked `clientVisible`. */
  all(
    context?: EvaluationContext,
    options?: { readonly clientVisibleOnly?: boolean },
  ): Readonly<Record<string, FlagValue>>;
  /** The same with details, for whoever knows no types. Flags that would serve the caller's fallback, and those with an error, are there with null. */
  allDetails(
    context?: EvaluationContext,
    options?: { readonly clientVisibleOnly?: boolean },
  ): Readonly<Record<string, ClientEvaluationDetails<FlagValue | null>>>;
}

/** Details as a client gives them: with the revision and how far it can be trusted. */
export interface ClientEvaluationDetails<T extends FlagValue | null = FlagValue> extends EvaluationDetails<T> {
  /** The served revision as text, or null without a document. */
  readonly revision: string | null;
  readonly freshness: Freshness['state'];
}

export interface ReadyOptions {
  /** How long to wait, 1 to 2^31-1 ms. Default 5,000. */
  readonly timeoutMs?: number;
  /** `source` (default): a source has verified the flags. `any`: there is a document, be it from cache or bootstrap. */
  readonly from?: 'source' | 'any';
}

/** A running client. Made by `createFlagClient`; whoever makes one closes it. */
export interface FlagClient extends FlagEvaluations, AsyncDisposable {
  /** The same questions for one context against the snapshot of this moment, so that one request sees one set of flags. */
  forContext(context: EvaluationContext): PinnedFlags;
  /** A bound question about one flag. */
  flag(key: string): (context?: EvaluationContext, fallback?: boolean) => boolean;
  /**
   * Reads the store now, in every mode. Never rejects. The breaker may refuse; `force` makes this read the probe instead.
   */
  refresh(options?: { readonly force?: boolean }): Promise<RefreshResult>;
  /** Resolves when flags are there; rejects with a `NotReadyError` after `timeoutMs`, which fails only the wait. */
  ready(options?: ReadyOptions): Promise<void>;
  freshness(): Freshness;
  /** The flags are stale, or there are none. */
  isStale(): boolean;
  /** Milliseconds since a source last verified the flags; null if none has. */
  ageMs(): number | null;
  breakerState(): BreakerStateName;
  /** Closes the breaker at once and forgets its failures. */
  resetBreaker(): void;
  /** Drops the compiled flags; they are compiled again on use. Answers do not change. */
  clearCache(): void;
  health(): Health;
  /**
   * Serves `value` for a flag whatever the document says, until it is removed or `forMs` have passed: the emergency brake. Shown in health.
   * Whoever asks for another type gets their fallback; the log says so once, and health as `mismatched_overrides`.
   *
   * @throws InvalidOptionsError when no flag can have the value, or `forMs` is no duration
   */
  override(key: string, value: FlagValue, options?: { readonly forMs?: number }): void;
  removeOverride(key: string): void;
  /** Adds code around each evaluation until the returned function is called. @throws InvalidOptionsError when it is no hook */
  addHook(hook: Hook): () => void;
  /** What became of exposures so far; null when none were asked for. */
  exposureCounts(): ExposureCounts | null;
  /** @throws InvalidOptionsError when it is none */
  setLogLevel(level: LogLevel): void;
  /**
   * Listens until the returned function is called. A late listener is told the present state once, on a microtask.
   *
   * @throws InvalidOptionsError when there is no such event, or the listener is no function
   */
  on<Name extends keyof ClientEvents>(event: Name, listener: (event: ClientEvents[Name]) => void): () => void;
  /**
   * Stops everything and releases source, feed and cache; a source or feed that several clients were given, with the last of them.
   * Idempotent; settles within `closeTimeoutMs`. Answers stay at the last good flags; health says closed.
   */
  close(): Promise<void>;
}

/** The questions about flags for one context against one snapshot. */
export interface PinnedFlags {
  isEnabled(key: string, fallback?: boolean): boolean;
  value<T extends FlagValue | null>(key: string, fallback: T): Answer<T>;
  details<T extends FlagValue | null>(key: string, fallback: T): ClientEvaluationDetails<Answer<T>>;
  all(options?: { readonly clientVisibleOnly?: boolean }): Readonly<Record<string, FlagValue>>;
  allDetails(options?: {
    readonly clientVisibleOnly?: boolean;
  }): Readonly<Record<string, ClientEvaluationDetails<FlagValue | null>>>;
  /** The pinned revision as text, or null without a document. */
  readonly revision: string | null;
}
