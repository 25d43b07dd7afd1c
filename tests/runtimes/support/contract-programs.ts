// The programs of src/contracts: each runs the contract suites of one adapter, over the harness that its own tests
// have.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('..', import.meta.url));

export const adapters = ['file', 'fetch', 'redis', 'postgres', 'ssm', 'upstash'] as const;

/**
 * As JavaScript, which every runtime takes. Packages are left for it to find: the built ones, from this package's own
 * node_modules. Not the stand-ins, which are TypeScript.
 */
export async function buildContractPrograms(): Promise<void> {
  await build({
    entryPoints: adapters.map((adapter) => join(here, `src/contracts/${adapter}.ts`)),
    outdir: join(here, 'dist/contracts'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    alias: { '@clarity/flags-stand-ins': join(here, '../stand-ins/src') },
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    tsconfigRaw: {},
    logLevel: 'error',
  });
}

/** Where a program is, from tests/runtimes on. */
export const contractProgram = (adapter: (typeof adapters)[number]): string => `dist/contracts/${adapter}.mjs`;
