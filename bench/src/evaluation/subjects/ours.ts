// Clarity Flags: the built package, with defaults and no sink.
import { createFlagClient, type EvaluationContext } from '@clarity/flags-core';
import type { FlagSource } from '@clarity/flags-core/ports';
import type { Flag } from '../flag.ts';
import type { Loaded, Subject } from '../subject.ts';
import type { User } from '../user.ts';

export const ours: Subject = {
  write: (flags) =>
    JSON.stringify({
      schemaVersion: 1,
      flags: Object.fromEntries(flags.map((flag) => [flag.key, definitionOf(flag)])),
    }),

  contextFor: ({ id, country, version, email }: User) => ({ targetingKey: id, country, version, email }),

  async load(first): Promise<Loaded> {
    let text = first;
    let version = 1;
    const source: FlagSource = {
      name: 'bench',
      read: () => Promise.resolve({ kind: 'document', text, revision: { epoch: 1, version } }),
      close: () => Promise.resolve(),
    };
    const client = createFlagClient({ source });
    await client.ready();
    return {
      isEnabled: (key, context) => client.isEnabled(key, context as EvaluationContext),
      orElse: (key, context, fallback) => client.isEnabled(key, context as EvaluationContext, fallback),
      all: (context) => client.all(context as EvaluationContext),
      async reload(next) {
        text = next;
        version++;
        const result = await client.refresh();
        if (!result.ok) throw new Error(`The flags were refused: ${JSON.stringify(result)}`);
      },
      close: () => client.close(),
    };
  },
};

function definitionOf(flag: Flag): object {
  switch (flag.kind) {
    case 'static':
      return { status: flag.on ? 'enabled' : 'disabled' };
    case 'rollout':
      return { status: 'canary', rolloutPercentage: flag.percentage };
    case 'targeted': {
      const variants = [
        { variant: 'on', weight: flag.percentage },
        { variant: 'off', weight: 100 - flag.percentage },
      ];
      const when = {
        all: [
          { attribute: 'country', op: 'in', value: flag.countries },
          { attribute: 'version', op: 'semverAtLeast', value: flag.version.join('.') },
          { attribute: 'email', op: 'endsWith', value: flag.emailSuffix },
        ],
      };
      return { type: 'boolean', rules: [{ when, serve: { kind: 'split', variants } }], fallthrough: 'off' };
    }
  }
}
