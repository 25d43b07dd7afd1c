import type { FlagDocument, FlagValue } from '../document/types.ts';
import type { EvaluationContext } from '../evaluation/context.ts';
import type { Hook } from '../ports/hook.ts';
import type { BreakerStateName, Freshness } from '../refresh/freshness.ts';
import type { LogLevel, RefreshResult } from '../refresh/protocol.ts';
import type { ExposureCounts } from './answers/exposures.ts';
import type { FlagEvaluations, PinnedFlags } from './answers/flag-evaluations.ts';
import type { ActiveOverride, OverrideOptions } from './answers/overrides.ts';
import type { ClientEvents } from './events/events.ts';
import type { Health } from './health.ts';

export interface ReadyOptions {
  /** How long to wait, 1 to 2^31-1 ms. Default 5,000. */
  readonly timeoutMs?: number;
  /** `source` (default): a source has verified the flags. `any`: there is a document, be it from cache or bootstrap. */
  readonly from?: 'source' | 'any';
}

/** A running client. Made by `createFlagClient`; the code that makes one closes it. */
export interface FlagClient extends FlagEvaluations, AsyncDisposable {
  /**
   * The same questions for one context against the snapshot of this moment, so that one request sees one set of flags.
   */
  forContext(context: EvaluationContext): PinnedFlags;
  /** A bound question about one flag. */
  flag(key: string): (context?: EvaluationContext, fallback?: boolean) => boolean;
  /**
   * Reads the store now, in every mode. Never rejects. The breaker may refuse; `force` makes this read the probe
   * instead.
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
   * Serves `value` for a flag in place of what the document says, until it is removed or `forMs` have passed: the
   * emergency brake. Shown in health. A question for another type gets its fallback; the log says so once, and health
   * as `mismatched_overrides`.
   *
   * @throws InvalidOptionsError when no flag can have the value, or `forMs` is no duration
   */
  override(key: string, value: FlagValue, options?: OverrideOptions): void;
  removeOverride(key: string, options?: Pick<OverrideOptions, 'author'>): void;
  /** The overrides of this moment, those of options and variables among them. */
  overrides(): readonly ActiveOverride[];
  /**
   * The flag document that is served, decoded: to show or describe flags, not to be changed. Undefined while there is
   * none.
   */
  document(): FlagDocument | undefined;
  /**
   * Adds code around each evaluation until the returned function is called.
   *
   * @throws InvalidOptionsError when it is no hook
   */
  addHook(hook: Hook): () => void;
  /** What became of exposures so far; null when none were asked for. */
  exposureCounts(): ExposureCounts | null;
  /** @throws InvalidOptionsError when it is not a hook */
  setLogLevel(level: LogLevel): void;
  /**
   * Listens until the returned function is called. A late listener is told the present state once, on a microtask.
   *
   * @throws InvalidOptionsError when there is no such event, or the listener is no function
   */
  on<Name extends keyof ClientEvents>(event: Name, listener: (event: ClientEvents[Name]) => void): () => void;
  /**
   * Stops everything and releases source, feed and cache; a source or feed that several clients were given, with the
   * last of them. Idempotent; settles within `closeTimeoutMs`. Answers stay at the last good flags; health says closed.
   */
  close(): Promise<void>;
}
