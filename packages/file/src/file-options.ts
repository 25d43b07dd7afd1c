import { checkedName, describeOption, requireOptions } from '@clarity/flags-core/adapter-kit';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What every role of a file store takes. */
export interface FileOptions {
  /**
   * Path of the file, or a `file:` URL. A relative path is resolved once, against the working directory of this moment.
   */
  readonly path: string | URL;
  /** Short name for health, log and metrics, 1 to 100 characters. Default `file:` and the file's name. */
  readonly name?: string;
}

export interface SizedFileOptions extends FileOptions {
  /** Largest document in bytes, 1 to 268,435,456 (256 MB). Default 4,194,304 (4 MB). */
  readonly maxBytes?: number;
}

/** The most that `maxBytes` may be. */
export const MOST_BYTES = 256 * 1024 * 1024;

/** @throws TypeError when there are no options, or their path is not one. */
export function resolvePath(options: FileOptions): string {
  requireOptions(options, 'a file store', "{ path: 'flags.json' }");
  const option: unknown = options.path;
  if (option instanceof URL) {
    if (option.protocol !== 'file:') {
      throw new TypeError(`path is a URL of the protocol ${option.protocol}; allowed is a path or a file: URL`);
    }
    return fileURLToPath(option);
  }
  if (typeof option !== 'string')
    throw new TypeError(`path is ${describeOption(option)}; allowed is a path or a file: URL`);
  if (option === '' || option.includes('\0')) {
    throw new TypeError(`path is ${JSON.stringify(option)}; allowed is a path that is not empty and has no zero bytes`);
  }
  return resolve(option);
}

export function resolveName(option: string | undefined, path: string): string {
  return checkedName(option) ?? `file:${basename(path)}`;
}
