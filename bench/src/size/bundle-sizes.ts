import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'esbuild';

export interface Sizes {
  /** Bytes after gzip -9. */
  readonly gzip: number;
  /** Bytes after brotli at its best, 11. */
  readonly brotli: number;
}

/**
 * The sizes of a module, by specifier or path, with all its exports: one minified ESM bundle by esbuild with all that
 * it imports, but for Node's own modules and for `external`.
 */
export async function bundleSizes(module: string, external: readonly string[] = []): Promise<Sizes> {
  const { outputFiles } = await build({
    entryPoints: [module],
    absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
    outdir: 'unused',
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    external: ['node:*', ...external],
    logLevel: 'error',
  });
  const { contents } = outputFiles[0]!;
  const [zipped, smallest] = await Promise.all([
    promisify(gzip)(contents, { level: 9 }),
    promisify(brotliCompress)(contents, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: contents.length },
    }),
  ]);
  return { gzip: zipped.length, brotli: smallest.length };
}
