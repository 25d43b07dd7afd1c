import { Flags } from '@clarity/flags-core/effect';
import * as Context from 'effect/Context';
import * as Effect from 'effect/Effect';
import * as Layer from 'effect/Layer';

export interface Assessment {
  readonly model: 'pat-v1' | 'pat-v2';
  readonly analyses: readonly string[];
}

/** What the flags decide in this program. It needs `Flags` and does not know where they come from. */
export class RiskAnalysis extends Context.Service<
  RiskAnalysis,
  { readonly assess: (userId: string) => Effect.Effect<Assessment> }
>()('example/RiskAnalysis') {
  static readonly layer = Layer.effect(
    RiskAnalysis,
    Effect.gen(function* () {
      const flags = yield* Flags;
      return {
        assess: (userId) =>
          Effect.sync(() => {
            // Evaluation is a plain call; one snapshot answers both questions.
            const asked = flags.forContext({ userId });
            return {
              model: asked.isEnabled('pat_model_v2') ? 'pat-v2' : 'pat-v1',
              analyses: asked.isEnabled('mania_risk_analysis') ? ['sleep', 'mania_risk'] : ['sleep'],
            };
          }),
      };
    }),
  );
}
