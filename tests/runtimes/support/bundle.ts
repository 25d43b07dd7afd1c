// Bundles as an application's bundler would, from the built packages.
import { build, type BuildResult } from 'esbuild';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('..', import.meta.url));

interface Bundle {
  readonly text: string;
  /** Every file that went in. */
  readonly inputs: readonly string[];
  /** Every specifier that was left for the runtime to resolve. */
  readonly externals: readonly string[];
}

/** Bundles a file of tests/runtimes, or a snippet of source text, without minifying. */
export async function bundle(
  from: { readonly file: string } | { readonly source: string },
  conditions: readonly string[] = ['import'],
  external: readonly string[] = [],
): Promise<Bundle> {
  const result: BuildResult<{ write: false; metafile: true }> = await build({
    ...('file' in from
      ? { entryPoints: [join(here, from.file)] }
      : { stdin: { contents: from.source, resolveDir: here, loader: 'js' } }),
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    conditions: [...conditions],
    external: ['node:*', ...external],
    target: 'es2022',
    logLevel: 'silent',
  });
  const [output] = Object.values(result.metafile.outputs);
  const [file] = result.outputFiles;
  if (output === undefined || file === undefined) throw new Error('esbuild wrote nothing');
  return {
    text: file.text,
    inputs: Object.keys(result.metafile.inputs),
    externals: output.imports.filter((one) => one.external).map((one) => one.path),
  };
}
