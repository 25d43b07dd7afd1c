import type { Hook } from '../../ports/hook.ts';
import type { Doubts } from '../../evaluation/doubts.ts';
import type { EvaluationCounts } from '../../metrics/evaluation-counts.ts';
import type { Exposures } from './exposures.ts';
import type { Isolate } from '../events/listeners.ts';
import type { Overrides } from './overrides.ts';

/** Who stands between a question and its answer, besides the evaluator. One for all readers of a client. */
export class Interceptors {
  readonly overrides: Overrides;
  readonly exposures: Exposures | undefined;
  readonly isolate: Isolate;
  /** Undefined where nobody wants metrics. */
  readonly counts: EvaluationCounts | undefined;
  /** Hears of contexts that are none, which hooks would be given as empty ones. */
  readonly doubts: Doubts;
  /** In the order in which they were added. */
  hooks: readonly Hook[];
  /** Whether there is anybody: read with each question, so it is kept and not computed. */
  present = false;
  #inHook = false;

  constructor(
    overrides: Overrides,
    hooks: readonly Hook[],
    exposures: Exposures | undefined,
    counts: EvaluationCounts | undefined,
    doubts: Doubts,
    isolate: Isolate,
  ) {
    this.overrides = overrides;
    this.hooks = hooks;
    this.exposures = exposures;
    this.counts = counts;
    this.doubts = doubts;
    this.isolate = isolate;
    this.look();
  }

  /**
   * The hooks of an evaluation that begins now: none for one that a hook itself asks for, which would come back to it
   * for ever.
   */
  get hooksNow(): readonly Hook[] {
    return this.#inHook ? [] : this.hooks;
  }

  /** Calls a stage of a hook. */
  readonly callHook = (stage: () => unknown): void => {
    this.#inHook = true;
    this.isolate('hook', stage);
    this.#inHook = false;
  };

  /** To be called when an override came or left, and now and then: one that was set for a time leaves by itself. */
  look(): void {
    this.present = this.overrides.keys().length > 0 || this.hooks.length > 0 || this.exposures !== undefined;
  }

  /**
   * Adds a hook after those that are there, and returns what takes it away. An evaluation under way keeps to those it
   * began with.
   */
  addHook(hook: Hook): () => void {
    // One that is added twice is called twice and leaves one at a time.
    let added = true;
    this.#setHooks([...this.hooks, hook]);
    return () => {
      if (added) this.#setHooks(this.hooks.toSpliced(this.hooks.lastIndexOf(hook), 1));
      added = false;
    };
  }

  #setHooks(hooks: readonly Hook[]): void {
    this.hooks = hooks;
    this.look();
  }
}
