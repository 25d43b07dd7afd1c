// @openfeature/flagd-core: flagd's evaluation in the process.
import type { EvaluationContext, EvaluationDetails, JsonValue } from '@openfeature/core';
import { FlagdCore } from '@openfeature/flagd-core';
import type { Flag } from '../flag.ts';
import type { Loaded, Subject } from '../subject.ts';

export const flagd: Subject = {
  write: (flags) => JSON.stringify({ flags: Object.fromEntries(flags.map((flag) => [flag.key, definitionOf(flag)])) }),

  contextFor: ({ id, country, version, email }) => ({ targetingKey: id, country, version, email }),

  async load(text): Promise<Loaded> {
    const core = new FlagdCore();
    core.setConfigurations(text);
    const orElse = (key: string, context: unknown, fallback: boolean): boolean => {
      try {
        return core.resolveBooleanEvaluation(key, fallback, context as EvaluationContext).value;
      } catch {
        // A flag that is not known is an exception, which OpenFeature's client turns into the fallback.
        return fallback;
      }
    };
    return {
      isEnabled: (key, context) => orElse(key, context, false),
      orElse,
      all: (context) => core.resolveAll(context as EvaluationContext),
      valuesIn: (all) =>
        Object.fromEntries((all as EvaluationDetails<JsonValue>[]).map(({ flagKey, value }) => [flagKey, value])),
      reload: async (next) => void core.setConfigurations(next),
      close() {},
    };
  },
};

function definitionOf(flag: Flag): object {
  const variants = { on: true, off: false };
  const fractional = (percentage: number): object => ({
    fractional: [
      ['on', percentage],
      ['off', 100 - percentage],
    ],
  });
  switch (flag.kind) {
    case 'static':
      return { state: 'ENABLED', variants, defaultVariant: flag.on ? 'on' : 'off' };
    case 'rollout':
      return { state: 'ENABLED', variants, defaultVariant: 'off', targeting: fractional(flag.percentage) };
    case 'targeted': {
      const and = [
        { in: [{ var: 'country' }, flag.countries] },
        { sem_ver: [{ var: 'version' }, '>=', flag.version.join('.')] },
        { ends_with: [{ var: 'email' }, flag.emailSuffix] },
      ];
      return {
        state: 'ENABLED',
        variants,
        defaultVariant: 'off',
        targeting: { if: [{ and }, fractional(flag.percentage), 'off'] },
      };
    }
  }
}
