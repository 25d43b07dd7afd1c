// @vercel/flags-core: a datafile given to it, without stream, polling and metrics.
import { createClient } from '@vercel/flags-core';
import type { Flag } from '../flag.ts';
import type { Loaded, Subject } from '../subject.ts';

type Entities = Record<string, unknown>;
type Datafile = NonNullable<NonNullable<Parameters<typeof createClient>[1]>['datafile']>;

export const vercel: Subject = {
  write: (flags) =>
    JSON.stringify({
      projectId: 'bench',
      environment: 'production',
      configUpdatedAt: 1,
      segments: {},
      definitions: Object.fromEntries(flags.map((flag, index) => [flag.key, definitionOf(flag, index)])),
    }),

  contextFor: (user) => ({ user: { ...user } }),

  async load(text): Promise<Loaded> {
    const datafile = JSON.parse(text) as Datafile;
    const client = createClient('vf_server_bench', { datafile, stream: false, polling: false, disableMetrics: true });
    await client.initialize();
    const wanted = Object.keys(datafile.definitions).map((key) => ({ key, defaultValue: false }));
    return {
      isEnabled: async (key, context) => (await client.evaluate(key, false, context as Entities)).value === true,
      orElse: async (key, context, fallback) =>
        (await client.evaluate(key, fallback, context as Entities)).value === true,
      all: (context) => client.bulkEvaluate(wanted, context as Entities),
      valuesIn: (all) =>
        Object.fromEntries(
          Object.entries(all as Record<string, { value: boolean }>).map(([key, { value }]) => [key, value]),
        ),
      close: async () => client.shutdown(),
    };
  },
};

function definitionOf(flag: Flag, seed: number): object {
  const base = ['user', 'id'];
  const split = (percentage: number): object => ({
    type: 'split',
    base,
    weights: [100 - percentage, percentage],
    defaultVariant: 0,
  });
  const production = ((): unknown => {
    switch (flag.kind) {
      case 'static':
        return { fallthrough: flag.on ? 1 : 0 };
      case 'rollout':
        return { fallthrough: split(flag.percentage) };
      case 'targeted': {
        const conditions = [
          [['user', 'country'], 'oneOf', flag.countries],
          [['user', 'version'], 'regex', { type: 'regex', pattern: atLeast(flag.version), flags: '' }],
          [['user', 'email'], 'endsWith', flag.emailSuffix],
        ];
        return { rules: [{ conditions, outcome: split(flag.percentage) }], fallthrough: 0 };
      }
    }
  })();
  return { variants: [false, true], seed, environments: { production } };
}

/**
 * Vercel's flags cannot compare versions. This expression gives the same answer when only a patch 0 has pre-releases.
 */
function atLeast([major, minor]: readonly [number, number, number]): string {
  return `^(${major}\\.${minor}\\.(0$|[1-9])|${major}\\.(${from(minor + 1)})\\.|(${from(major + 1)})\\.)`;
}

/** Numbers from `least` to 99. */
function from(least: number): string {
  return least > 9 ? '[1-9]\\d' : `[${least}-9]|[1-9]\\d`;
}
