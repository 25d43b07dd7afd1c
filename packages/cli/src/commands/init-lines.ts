/** What a program needs to ask for the flags of a store: packages, code, a variable. */
import type { ProgramKind, StoreKind } from './init-choices.ts';

interface Adapter {
  readonly packages: readonly string[];
  /** An address of such a store. */
  readonly address: string;
  readonly label: string;
  /** Whether a document gets there by `publish`. */
  readonly isPublished: boolean;
  /** Whether `setup` makes something there first. */
  readonly isSetUp?: boolean;
  /** Whether it tells clients of a change. */
  readonly announces: boolean;
}

export const ADAPTERS: Readonly<Record<StoreKind, Adapter>> = {
  file: {
    label: 'in the file itself',
    packages: ['@clarity/flags-file'],
    address: '',
    isPublished: false,
    announces: true,
  },
  https: {
    label: 'at an HTTPS address, such as a bucket',
    packages: ['@clarity/flags-fetch'],
    address: 'https://flags.example.com/flags.json',
    isPublished: false,
    announces: false,
  },
  redis: {
    label: 'in Redis',
    packages: ['@clarity/flags-redis', 'ioredis'],
    address: 'redis://localhost:6379',
    isPublished: true,
    announces: true,
  },
  postgres: {
    label: 'in Postgres',
    packages: ['@clarity/flags-postgres', 'pg'],
    address: 'postgres://localhost/postgres',
    isPublished: true,
    isSetUp: true,
    announces: true,
  },
  upstash: {
    label: 'in Upstash',
    packages: ['@clarity/flags-upstash', '@upstash/redis'],
    address: 'upstash://your-database.upstash.io',
    isPublished: true,
    announces: true,
  },
  ssm: {
    label: 'in AWS Systems Manager Parameter Store',
    packages: ['@clarity/flags-ssm', '@aws-sdk/client-ssm'],
    address: 'ssm:/shop/flags?region=eu-central-1',
    isPublished: true,
    announces: false,
  },
};

export const PROGRAM_LABELS: Readonly<Record<ProgramKind, string>> = {
  node: 'a program on Node, Bun or Deno',
  express: 'an Express application',
};

/** The packages to install. */
export function packagesFor(store: StoreKind, program: ProgramKind): readonly string[] {
  return [
    '@clarity/flags-core',
    ...(program === 'express' ? ['@clarity/flags-express', '@clarity/flags-http', 'express'] : []),
    ...(store === 'file' ? [] : ['@clarity/flags-node']),
    ...ADAPTERS[store].packages,
  ];
}

/** The lines of code to add. `path` is that of the file. */
export function codeFor(store: StoreKind, program: ProgramKind, path: string): string {
  const isFile = store === 'file';
  const mode = ADAPTERS[store].announces ? 'both' : 'periodic';
  const file = `fileStore({ path: '${path.replaceAll('\\', '/').replaceAll("'", "\\'")}' })`;
  const ask = "flags.isEnabled('new_checkout', { userId: 'u1' });";
  if (program === 'express') {
    return `import { setupFeatureFlags } from '@clarity/flags-express';
${isFile ? "import { fileStore } from '@clarity/flags-file';" : "import { connect } from '@clarity/flags-node';"}
import express from 'express';

const app = express();
const { source, feed } = ${isFile ? file : `await connect(process.env.FEATURE_FLAG_STORE_URL ?? '${ADAPTERS[store].address}')`};
await setupFeatureFlags(app, { source, ${isFile ? 'feed' : '...(feed && { feed })'}, refreshMode: '${mode}' });

app.get('/', (req, res) => res.send(req.flags.isEnabled('new_checkout') ? 'new' : 'old'));`;
  }
  if (isFile) {
    return `import { createFlagClient } from '@clarity/flags-core';
import { fileStore } from '@clarity/flags-file';

const { source, feed } = ${file};
const flags = createFlagClient({ source, feed, refreshMode: '${mode}' });
await flags.ready();

${ask}`;
  }
  return `import { createFlagClientFromEnv } from '@clarity/flags-node';

const flags = await createFlagClientFromEnv({ refreshMode: '${mode}' });
await flags.ready();

${ask}`;
}
