// @launchdarkly/node-server-sdk: flags from a file, which is its local mode; no events.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { init, type LDContext } from '@launchdarkly/node-server-sdk';
import { FileDataSourceFactory } from '@launchdarkly/node-server-sdk/integrations';
import type { Flag } from '../flag.ts';
import type { Loaded, Subject } from '../subject.ts';

// It logs each unknown flag as an error.
const silent = { error() {}, warn() {}, info() {}, debug() {} };

export const launchdarkly: Subject = {
  write: (flags) =>
    JSON.stringify({
      flags: Object.fromEntries(flags.map((flag) => [flag.key, { ...sharedBy(flag), ...servedBy(flag) }])),
    }),

  contextFor: ({ id, country, version, email }) => ({ kind: 'user', key: id, country, version, email }),

  async load(text): Promise<Loaded> {
    const folder = await mkdtemp(join(tmpdir(), 'bench-'));
    const path = join(folder, 'flags.json');
    try {
      await writeFile(path, text);
      const client = init('sdk-bench', {
        updateProcessor: new FileDataSourceFactory({ paths: [path] }).getFactory(),
        sendEvents: false,
        diagnosticOptOut: true,
        logger: silent,
      });
      await client.waitForInitialization({ timeout: 10 });
      return {
        isEnabled: (key, context) => client.boolVariation(key, context as LDContext, false),
        orElse: (key, context, fallback) => client.boolVariation(key, context as LDContext, fallback),
        all: async (context) => (await client.allFlagsState(context as LDContext)).allValues(),
        close: () => client.close(),
      };
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

function sharedBy({ key }: Flag): object {
  return {
    key,
    version: 1,
    variations: [true, false],
    offVariation: 1,
    salt: key,
    trackEvents: false,
    clientSide: false,
  };
}

function servedBy(flag: Flag): object {
  const rollout = (percentage: number): object => ({
    contextKind: 'user',
    bucketBy: 'key',
    variations: [
      { variation: 0, weight: percentage * 1000 },
      { variation: 1, weight: (100 - percentage) * 1000 },
    ],
  });
  switch (flag.kind) {
    case 'static':
      return { on: flag.on, fallthrough: { variation: 0 } };
    case 'rollout':
      return { on: true, fallthrough: { rollout: rollout(flag.percentage) } };
    case 'targeted': {
      const clause = (attribute: string, op: string, values: readonly string[], negate = false): object => ({
        contextKind: 'user',
        attribute,
        op,
        values,
        negate,
      });
      const clauses = [
        clause('country', 'in', flag.countries),
        // At least is not less than.
        clause('version', 'semVerLessThan', [flag.version.join('.')], true),
        clause('email', 'endsWith', [flag.emailSuffix]),
      ];
      return {
        on: true,
        rules: [{ id: 'rule', clauses, rollout: rollout(flag.percentage) }],
        fallthrough: { variation: 1 },
      };
    }
  }
}
