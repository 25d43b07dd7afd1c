import type { StoreErrorReason } from '@clarity/flags-core/ports';
import { expect, it } from 'vitest';
import { errorCode, fsError } from '../src/fs-error.ts';

it.each<[string, StoreErrorReason, boolean, string]>([
  ['ENOENT', 'not-found', false, 'create it'],
  ['ENOTDIR', 'not-found', false, 'correct the path'],
  ['EACCES', 'unauthorized', false, 'access'],
  ['EPERM', 'unauthorized', false, 'access'],
  ['EROFS', 'unauthorized', false, 'mount it writable'],
  ['EISDIR', 'invalid', false, 'name a file in it'],
  ['ELOOP', 'invalid', false, 'mend the links'],
  ['ENAMETOOLONG', 'invalid', false, 'shorten the path'],
  ['ENOSPC', 'unavailable', true, 'free some space'],
  ['EDQUOT', 'unavailable', true, 'free some space'],
  ['EBUSY', 'unavailable', true, 'mount its directory'],
  ['EMFILE', 'unavailable', true, 'raise its limit'],
  ['ENFILE', 'unavailable', true, 'raise its limit'],
  ['EIO', 'unavailable', true, 'look at the disk or mount'],
  ['ESTALE', 'unavailable', true, 'look at the disk or mount'],
])('%s is %s', (code, reason, retryable, remedy) => {
  const cause = Object.assign(new Error('the message of the system, which is not repeated'), { code });
  const error = fsError(cause, 'read /etc/flags.json');
  expect(error).toMatchObject({ reason, retryable, cause });
  expect(error.message).toMatch(/^cannot read \/etc\/flags\.json: /);
  expect(error.message).toContain(code);
  expect(error.message).toContain(remedy);
  expect(error.message).not.toContain('message of the system');
});

it('what Deno was not allowed to do is unauthorized, and says by which flag it would be', () => {
  const refused = Object.assign(new Error('Requires read access to "/etc/flags.json"'), { name: 'NotCapable' });
  expect(fsError(refused, 'read /etc/flags.json')).toMatchObject({
    reason: 'unauthorized',
    retryable: false,
    message:
      'cannot read /etc/flags.json: Deno was not allowed to (NotCapable); start it with --allow-read, and to publish or cache also with --allow-write',
  });
});

it('what is not a system error is unavailable, by its name', () => {
  expect(fsError(new TypeError('x'), 'read a').message).toContain('the file system answered TypeError');
  expect(fsError('x', 'read a').reason).toBe('unavailable');
  expect(errorCode({ code: 7 })).toBeUndefined();
  expect(errorCode(null)).toBeUndefined();
});
