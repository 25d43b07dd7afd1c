import { StoreError, type StoreErrorReason } from '@clarity/flags-core/ports';

interface Verdict {
  readonly reason: StoreErrorReason;
  readonly found: string;
  readonly remedy: string;
}

const VERDICTS: ReadonlyMap<string, Verdict> = new Map([
  ['ENOENT', { reason: 'not-found', found: 'it does not exist', remedy: 'create it, or correct the path' }],
  ['ENOTDIR', { reason: 'not-found', found: 'a part of the path is not a directory', remedy: 'correct the path' }],
  [
    'EACCES',
    {
      reason: 'unauthorized',
      found: 'permission is denied',
      remedy: 'give this process access to the file and its directory',
    },
  ],
  [
    'EPERM',
    {
      reason: 'unauthorized',
      found: 'the operation is not permitted',
      remedy: 'give this process access to the file and its directory',
    },
  ],
  [
    'EROFS',
    {
      reason: 'unauthorized',
      found: 'the file system is read-only',
      remedy: 'mount it writable, or publish where the file comes from',
    },
  ],
  ['EISDIR', { reason: 'invalid', found: 'it is a directory', remedy: 'name a file in it' }],
  ['ELOOP', { reason: 'invalid', found: 'its symbolic links form a loop', remedy: 'mend the links' }],
  ['ENAMETOOLONG', { reason: 'invalid', found: 'the path is too long', remedy: 'shorten the path' }],
  ['ENOSPC', { reason: 'unavailable', found: 'the disk is full', remedy: 'free some space' }],
  ['EDQUOT', { reason: 'unavailable', found: 'the disk quota is used up', remedy: 'free some space' }],
  [
    'EBUSY',
    {
      reason: 'unavailable',
      found: 'it is busy, or mounted as a single file',
      remedy: 'mount its directory instead of the file',
    },
  ],
  [
    'EMFILE',
    { reason: 'unavailable', found: 'this process has too many open files', remedy: 'raise its limit of open files' },
  ],
  [
    'ENFILE',
    { reason: 'unavailable', found: 'this machine has too many open files', remedy: 'raise its limit of open files' },
  ],
  [
    'NotCapable',
    {
      reason: 'unauthorized',
      found: 'Deno was not allowed to',
      remedy: 'start it with --allow-read, and to publish or cache also with --allow-write',
    },
  ],
] as const satisfies readonly (readonly [string, Verdict])[]);

/** The code of a system error (`ENOENT`), or `undefined` for any other error. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** A failed file operation as a `StoreError` that says what was tried, what was found and what to do. */
export function fsError(error: unknown, attempt: string): StoreError {
  // Deno's refusal has a name and no code.
  const code = errorCode(error) ?? (error instanceof Error && error.name === 'NotCapable' ? error.name : undefined);
  const verdict = code === undefined ? undefined : VERDICTS.get(code);
  if (verdict !== undefined) {
    return new StoreError(verdict.reason, `cannot ${attempt}: ${verdict.found} (${code}); ${verdict.remedy}`, {
      cause: error,
    });
  }
  const name = code ?? (error instanceof Error ? error.name : typeof error);
  return new StoreError(
    'unavailable',
    `cannot ${attempt}: the file system answered ${name}; look at the disk or mount`,
    { cause: error },
  );
}
