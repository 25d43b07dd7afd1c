import type { FlagValue } from '../../document/types.ts';
import type { EvaluationContext } from '../../evaluation/context.ts';
import type { Answer, EvaluationDetails } from '../../evaluation/details.ts';
import type { Freshness } from '../../refresh/freshness.ts';

/**
 * What answers questions about flags: the client itself, and a view pinned to one snapshot. None of it throws or waits.
 */
export interface FlagEvaluations {
  /**
   * Whether a boolean flag is on; `fallback` (default false) when it is unknown, set aside, of another type, or there
   * is no document.
   */
  isEnabled(key: string, context?: EvaluationContext, fallback?: boolean): boolean;
  /**
   * The flag's value, or `fallback` when it is unknown, set aside, of another type than the fallback (lists and objects
   * are two), or there is no document. With null as the fallback a value of any type is given, and null in place of the
   * fallback.
   */
  value<T extends FlagValue | null>(key: string, context: EvaluationContext | undefined, fallback: T): Answer<T>;
  /**
   * The value with variant, reason, error code, what of the context could not be used, and where it came from. Null as
   * in `value`.
   */
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
  /**
   * The same with details, for callers who do not know the types. Flags that would serve the caller's fallback, and
   * those with an error, are there with null.
   */
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
