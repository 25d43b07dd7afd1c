import type { FlagType, FlagValue } from '../document/types.ts';
import type { EvaluationContext } from '../evaluation/context.ts';
import type { EvaluationDetails } from '../evaluation/details.ts';

/** What a hook is told of an evaluation. */
export interface HookContext {
  readonly flagKey: string;
  /** The fallback's type; undefined where any type is asked for, with null as the fallback. */
  readonly flagValueType: FlagType | undefined;
  readonly defaultValue: FlagValue | null;
  readonly context: EvaluationContext;
  /** The served revision as text, or null without a document. */
  readonly revision: string | null;
}

/**
 * Code around each evaluation, in the stages of OpenFeature's specification (section 4). All stages are synchronous,
 * for evaluation never waits. What a hook throws is isolated and counted; the evaluation goes on without that stage.
 * What a hook asks about flags itself is answered without hooks; what it asks after an `await` of its own is a question
 * like any other, and comes to the hook again.
 */
export interface Hook {
  /** Before the evaluation. What it returns is merged over the context. */
  before?(hookContext: HookContext): EvaluationContext | void;
  /** After an evaluation that gave a value. */
  after?(hookContext: HookContext, details: EvaluationDetails<FlagValue | null>): void;
  /** After one that gave the fallback because of an error; `details.errorCode` says which. */
  error?(hookContext: HookContext, details: EvaluationDetails<FlagValue | null>): void;
  /** At the end, after an answer and after an error. */
  finally?(hookContext: HookContext, details: EvaluationDetails<FlagValue | null>): void;
}
