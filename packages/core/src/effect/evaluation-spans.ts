import * as Clock from 'effect/Clock';
import * as Effect from 'effect/Effect';
import * as Exit from 'effect/Exit';
import * as Fiber from 'effect/Fiber';
import type * as Tracer from 'effect/Tracer';
import { type Runner, runnerIn } from '../drivers/background/boundary.ts';
import type { Hook } from '../ports/hook.ts';

/**
 * A hook for the option `hooks`: a span `flags.evaluate` for each question that a fiber asks, beneath its own span. It
 * names flag, variant and reason, and nothing of who was asked about. Questions of plain code have none. A span costs
 * many times what an answer does: leave it out where flags are asked in a loop.
 */
export function evaluationSpans(): Hook {
  // Evaluation is synchronous, and what a hook asks is answered without hooks: there is one at a time.
  let begun: { readonly span: Tracer.Span; readonly now: Runner<never>['now'] } | undefined;
  return {
    before({ flagKey }) {
      const fiber = Fiber.getCurrent();
      begun = undefined;
      if (fiber === undefined) return;
      const { now } = runnerIn(fiber.context);
      const span = now(Effect.makeSpan('flags.evaluate', { attributes: { 'feature_flag.key': flagKey } }));
      begun = { span, now };
    },
    finally(_question, { variant, reason, errorCode }) {
      if (begun === undefined) return;
      const { span, now } = begun;
      begun = undefined;
      if (typeof variant === 'string') span.attribute('feature_flag.result.variant', variant);
      span.attribute('feature_flag.result.reason', reason.toLowerCase());
      if (errorCode !== undefined) span.attribute('error.type', errorCode.toLowerCase());
      span.end(now(Clock.currentTimeNanos), Exit.void);
    },
  };
}
