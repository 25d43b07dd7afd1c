import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles a file of tests/runtimes as an edge application's bundler would, from the built packages, and returns the
 * module's text.
 */
export async function bundle(file: string): Promise<string> {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(here, file)],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    conditions: ['workerd', 'worker', 'browser', 'import'],
    target: 'es2022',
    // workerd's own.
    external: ['cloudflare:*'],
    // Not the workspace's, whose "paths" lead to sources.
    tsconfigRaw: {},
  });
  const sources = Object.keys(metafile.inputs).filter((input) => /packages\/[^/]+\/src\//.test(input));
  if (sources.length > 0)
    throw new Error(`${file} was bundled from sources, not from the built packages: ${sources[0]}`);
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`esbuild wrote nothing for ${file}`);
  return output.text;
}
