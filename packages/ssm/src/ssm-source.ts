import {
  CallScope,
  checkedChoice,
  checkedMaxBytes,
  checkedNumber,
  checkedSwitch,
} from '@clarity/flags-core/adapter-kit';
import type { FlagSource, ReadResult, Revision } from '@clarity/flags-core/ports';
import { readChunked } from './layout/read-chunked.ts';
import { PerFlagReader } from './layout/per-flag-reader.ts';
import { readSingle } from './layout/read-single.ts';
import { resolvePath } from './parameter-path.ts';
import { SsmCalls } from './ssm-calls.ts';
import {
  requireSsmOptions,
  resolveLabel,
  MOST_BYTES,
  resolveName,
  resolveSelector,
  type SsmStoreOptions,
} from './ssm-options.ts';

/** Which version to read. Default: the latest. At most one of the two. */
interface Selected {
  /** Number of a version of the parameter (`single`) or of the manifest (`chunked`). */
  readonly version?: number;
  /** Label of a version. */
  readonly label?: string;
}

export interface SingleSourceOptions extends SsmStoreOptions, Selected {
  /** `path` is a parameter that holds a JSON document: at most 4 KB, or 8 KB in the advanced tier. */
  readonly layout: 'single';
}

export interface ChunkedSourceOptions extends SsmStoreOptions, Selected {
  /**
   * Below `path` are a manifest and compressed chunks, as `ssmPublisher` writes them: atomic, any size up to
   * `maxBytes`.
   */
  readonly layout: 'chunked';
}

export interface PerFlagSourceOptions extends SsmStoreOptions {
  /**
   * Below `path` is one parameter for each flag. Not atomic: two flags that change together may be seen one after the
   * other.
   */
  readonly layout: 'per-flag';
  /** Only parameters with this label, each in the labelled version. */
  readonly label?: string;
  /** Also parameters further down; the flag's key then holds slashes. Default false. */
  readonly recursive?: boolean;
  /**
   * Shortest time between two readings of the store, in milliseconds, 0 to 3,600,000. Default 30,000. A read before
   * that is answered from memory and says how old the answer is.
   */
  readonly minIntervalMs?: number;
}

export type SsmSourceOptions = SingleSourceOptions | ChunkedSourceOptions | PerFlagSourceOptions;

type Read = (known: Revision | undefined, signal: AbortSignal) => Promise<ReadResult>;

const DEFAULT_MIN_INTERVAL_MS = 30_000;
const LONGEST_MIN_INTERVAL_MS = 3_600_000;

/**
 * Flags in AWS SSM Parameter Store as a source. Calls for each read: `single` 1; `chunked` 1, or 1 + ceil(chunks / 10)
 * when the document changed; `per-flag` ceil(flags / 10), or twice that when something changed. Needs
 * `ssm:GetParameter` (`single`), with `ssm:GetParameters` (`chunked`), or `ssm:GetParametersByPath` (`per-flag`), and
 * `kms:Decrypt` for a SecureString.
 *
 * The revision is `{ epoch, version, hash }` for `chunked` and `{ hash }` for the others. `read` rejects with
 * `not-found`, `unauthorized`, `throttled`, `invalid`, `too-large`, `unavailable` or `timeout` (the caller's signal).
 *
 * @throws TypeError or RangeError for a bad option.
 */
export function ssmSource(options: SsmSourceOptions): FlagSource {
  requireSsmOptions(options);
  const path = resolvePath(options.path, { layout: options.layout, writes: false });
  const name = resolveName(options.name, path);
  const resolved = readerOf(options, path);
  const calls = new SsmCalls(options);
  const read = resolved(calls);
  const scope = new CallScope(`the SSM source ${name}`);
  return {
    name,
    read: (known, signal) => scope.run(`read ${path}`, signal, (ending) => read(known, ending)),
    close: async () => {
      scope.close();
      calls.close();
    },
  };
}

/** Judges the options before anything is opened. */
function readerOf(options: SsmSourceOptions, path: string): (calls: SsmCalls) => Read {
  const maxBytes = checkedMaxBytes(options.maxBytes, MOST_BYTES);
  checkedChoice('layout', options.layout, ['single', 'chunked', 'per-flag']);
  switch (options.layout) {
    case 'single': {
      const parameter = path + resolveSelector(options);
      return (calls) => (known, signal) => readSingle(calls, parameter, maxBytes, known, signal);
    }
    case 'chunked': {
      const place = { path, selector: resolveSelector(options), maxBytes };
      return (calls) => (known, signal) => readChunked(calls, place, known, signal);
    }
    case 'per-flag': {
      const { minIntervalMs = DEFAULT_MIN_INTERVAL_MS } = options;
      const recursive = checkedSwitch('recursive', options.recursive);
      checkedNumber('minIntervalMs', minIntervalMs, 0, LONGEST_MIN_INTERVAL_MS, 'ms');
      const label = options.label === undefined ? undefined : resolveLabel(options.label);
      const place = { path, recursive, label, maxBytes, minIntervalMs };
      return (calls) => {
        const reader = new PerFlagReader(calls, place);
        return (known, signal) => reader.read(known, signal);
      };
    }
  }
}
