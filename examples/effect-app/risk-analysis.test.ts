// How to test a program that asks about flags: its own layer, over the real client and a store in memory.
import { Flags, flagsLayer, Refresh } from '@clarity/flags-core/effect';
import { memoryStore } from '@clarity/flags-testing';
import * as Effect from 'effect/Effect';
import * as Layer from 'effect/Layer';
import { expect, it } from 'vitest';
import { RiskAnalysis } from './risk-analysis.ts';

const documentOf = (status: 'enabled' | 'disabled'): string =>
  JSON.stringify({
    schemaVersion: 1,
    flags: { pat_model_v2: { status }, mania_risk_analysis: { status: 'beta', betaUsers: ['u1'] } },
  });

it('assesses by the flags of the moment', async () => {
  const { source, publisher } = memoryStore({ text: documentOf('disabled') });
  const flagServices = flagsLayer({ source, refreshMode: 'none', variables: false });
  const program = Effect.gen(function* () {
    const flags = yield* Flags;
    const risk = yield* RiskAnalysis;
    yield* flags.ready();
    const before = yield* Effect.all([risk.assess('u1'), risk.assess('u2')]);

    yield* Effect.promise((signal) => publisher.restore(documentOf('enabled'), signal));
    yield* (yield* Refresh).now;
    return { before, after: yield* risk.assess('u2') };
  });

  expect(
    await Effect.runPromise(Effect.provide(program, Layer.provideMerge(RiskAnalysis.layer, flagServices))),
  ).toEqual({
    before: [
      { model: 'pat-v1', analyses: ['sleep', 'mania_risk'] },
      { model: 'pat-v1', analyses: ['sleep'] },
    ],
    after: { model: 'pat-v2', analyses: ['sleep'] },
  });
});

it('assesses by the fallbacks while there are no flags, and says why it is not ready', async () => {
  const { source } = memoryStore();
  const flagServices = flagsLayer({ source, refreshMode: 'none', variables: false, logLevel: 'silent' });
  const program = Effect.gen(function* () {
    const problem = yield* Effect.flip((yield* Refresh).now);
    return [problem._tag, yield* (yield* RiskAnalysis).assess('u1')] as const;
  });

  expect(
    await Effect.runPromise(Effect.provide(program, Layer.provideMerge(RiskAnalysis.layer, flagServices))),
  ).toEqual(['DocumentMissing', { model: 'pat-v1', analyses: ['sleep'] }]);
});
