import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { packageEntries } from '../../../scripts/package-entries.ts';

const here = fileURLToPath(new URL('..', import.meta.url));
const core = fileURLToPath(new URL('../../core', import.meta.url));
const alias = Object.fromEntries(
  [
    ...packageEntries(core).map(({ specifier, source }) => [specifier, `${core}/${source}`] as const),
    ...packageEntries(here).map(({ specifier, source }) => [specifier, `${here}${source}`] as const),
  ].toSorted(([one], [other]) => other.length - one.length),
);

/** Bytes of the minified bundle after gzip -9, as an edge application's bundler would make it. */
async function gzipped(contents: string): Promise<{ readonly bytes: number; readonly inputs: readonly string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: here, loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    conditions: ['workerd', 'worker', 'browser', 'import'],
    target: 'es2022',
    alias,
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error('esbuild wrote nothing');
  return { bytes: gzipSync(output.contents, { level: 9 }).length, inputs: Object.keys(metafile.inputs) };
}

const EDGE = `export { upstashSource } from '@clarity/flags-upstash/cloudflare';`;

describe('size of the edge entry, gzip', () => {
  it('with the evaluator: at most 12,000 bytes, less than the library alone', async () => {
    const { bytes } = await gzipped(`${EDGE} export * from '@clarity/flags-core/evaluation';`);
    console.log(`edge entry and evaluator: ${bytes} bytes`);
    expect(bytes).toBeLessThanOrEqual(12_000);
  });

  it('with evaluator and edge client: at most 28,000 bytes', async () => {
    const { bytes } = await gzipped(`${EDGE} export * from '@clarity/flags-core/edge';`);
    console.log(`edge entry, evaluator and edge client: ${bytes} bytes`);
    expect(bytes).toBeLessThanOrEqual(28_000);
  });

  it('without the library, the publishing script, or anything of Node', async () => {
    const { inputs } = await gzipped(EDGE);
    expect(inputs.filter((input) => input.includes('node_modules') || input.startsWith('node:'))).toEqual([]);
  });
});
