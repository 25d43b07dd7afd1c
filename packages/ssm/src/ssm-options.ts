import { checkedName, checkedNumber, requireOptions, showOption } from '@clarity/flags-core/adapter-kit';
import { checkConnection, type SsmConnectionOptions } from './connection-options.ts';

export interface SsmStoreOptions extends SsmConnectionOptions {
  /**
   * Where the flags are, such as `/shop/production/flags`: the parameter (`single`), or the path above the parameters
   * (`chunked`, `per-flag`). For a source also an ARN that ends in it, of parameters that another account shares; not
   * for `per-flag`.
   */
  readonly path: string;
  /** Short name for health, log and metrics, 1 to 100 characters. Default `ssm:` and the path. */
  readonly name?: string;
  /** Largest document in bytes of UTF-8, 1 to 16,777,216 (16 MB). Default 4,194,304 (4 MB). */
  readonly maxBytes?: number;
}

/** The most that `maxBytes` may be. */
export const MOST_BYTES = 16 * 1024 * 1024;
const LONGEST_NAME = 90;

/** @throws TypeError unless there are options, and those of the connection are sound. */
export function requireSsmOptions(options: SsmStoreOptions): void {
  requireOptions(options, 'an SSM store', "{ layout: 'chunked', path: '/shop/flags' }");
  checkConnection(options);
}

export function resolveName(name: string | undefined, path: string): string {
  return checkedName(name) ?? `ssm:${path.length <= LONGEST_NAME ? path : `…${path.slice(-LONGEST_NAME)}`}`;
}

const LABEL = /^(?!aws|ssm|\d)[\w.-]{1,100}$/i;

/**
 * The end of a parameter's name that picks a version: `:3`, `:stable`, or nothing for the latest.
 *
 * @throws TypeError or RangeError
 */
export function resolveSelector(options: { readonly version?: number; readonly label?: string }): string {
  const { version, label } = options;
  if (version !== undefined && label !== undefined) {
    throw new TypeError('version and label are both given; allowed is one of them');
  }
  if (version !== undefined) return `:${checkedNumber('version', version, 1, Number.MAX_SAFE_INTEGER)}`;
  return label === undefined ? '' : `:${resolveLabel(label)}`;
}

export function resolveLabel(label: string): string {
  if (typeof label === 'string' && LABEL.test(label)) return label;
  throw new TypeError(
    `label is ${showOption(label)}; allowed is 1 to 100 letters, digits and "_ . -", not beginning with a digit, "aws" or "ssm"`,
  );
}
