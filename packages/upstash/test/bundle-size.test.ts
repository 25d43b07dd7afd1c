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
  // How many bytes they may be is a budget: `npm run size`.
  it('with the evaluator it is less than the library alone', async () => {
    const { bytes } = await gzipped(`${EDGE} export * from '@clarity/flags-core/evaluation';`);
    const library = await gzipped(`export { Redis } from '@upstash/redis/cloudflare';`);
    console.log(`edge entry and evaluator: ${bytes} bytes; the library alone: ${library.bytes}`);
    expect(bytes).toBeLessThan(library.bytes);
  });

  it('adds to the edge client less than a third of what the library would', async () => {
    const client = `export * from '@clarity/flags-core/edge';`;
    const [alone, both] = [await gzipped(client), await gzipped(`${EDGE} ${client}`)];
    const library = await gzipped(`export { Redis } from '@upstash/redis/cloudflare';`);
    console.log(`edge client: ${alone.bytes} bytes; with the edge entry: ${both.bytes}`);
    expect(both.bytes - alone.bytes).toBeLessThan(library.bytes / 3);
  });

  it('without the library, the publishing script, or anything of Node', async () => {
    const { inputs } = await gzipped(EDGE);
    expect(inputs.filter((input) => input.includes('node_modules') || input.startsWith('node:'))).toEqual([]);
  });
});
