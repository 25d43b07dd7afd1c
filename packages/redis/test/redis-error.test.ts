import { isStoreError, STORE_ERROR_REASONS, StoreError } from '@clarity/flags-core/ports';
import { describe, expect, it } from 'vitest';
import { codeOf, redisError } from '../src/redis-error.ts';

const SECRET = 'hunter2-hunter2';

/** An error reply as ioredis hands it on: with the command and all of its arguments. */
function reply(message: string): Error {
  const error = Object.assign(new Error(message), { command: { name: 'auth', args: ['flags', SECRET] } });
  error.name = 'ReplyError';
  return error;
}

function system(code: string): Error {
  return Object.assign(new Error(`connect ${code} ${SECRET}`), { code });
}

describe('what Redis and its client say becomes a store error', () => {
  it.each([
    [reply('WRONGPASS invalid username-password pair or user is disabled.'), 'unauthorized'],
    [reply('NOAUTH Authentication required.'), 'unauthorized'],
    [reply("NOPERM this user has no permissions to run the 'hmget' command"), 'unauthorized'],
    [reply("ERR The user executing the script can't publish to the channel mentioned in the command"), 'unauthorized'],
    [reply('ERR invalid password'), 'unauthorized'],
    [reply('DENIED Redis is running in protected mode'), 'unauthorized'],
    [reply('MOVED 866 127.0.0.1:7001'), 'invalid'],
    [reply('ERR DB index is out of range'), 'invalid'],
    [reply('READONLY You can not write against a read only replica.'), 'unavailable'],
    [reply('LOADING Redis is loading the dataset in memory'), 'unavailable'],
    [reply('OOM command not allowed when used memory > maxmemory'), 'unavailable'],
    [reply('ERR max number of clients reached'), 'throttled'],
    [reply('ERR unknown command `EVAL`, with args beginning with: `hunter2-hunter2`'), 'unavailable'],
    [reply(`ERR something new ${SECRET}`), 'unavailable'],
    [system('ECONNREFUSED'), 'unavailable'],
    [system('ENOTFOUND'), 'unavailable'],
    [system('ETIMEDOUT'), 'timeout'],
    [system('CERT_HAS_EXPIRED'), 'unavailable'],
    [system('ENEWCODE'), 'unavailable'],
    [new Error('Connection is closed.'), 'unavailable'],
    [new Error('Command timed out'), 'timeout'],
    [new Error(SECRET), 'unavailable'],
    [SECRET, 'unavailable'],
    [undefined, 'unavailable'],
  ] as const)('%s', (error, reason) => {
    const result = redisError(error, 'read feature_flags:document');
    expect(isStoreError(result)).toBe(true);
    expect(result.reason).toBe(reason);
    expect(STORE_ERROR_REASONS).toContain(result.reason);
    expect(result.message).toMatch(/^cannot read feature_flags:document: .+; .+/);
    expect(result.message).not.toContain(SECRET);
    // The reply carries the arguments of AUTH: a logger that shows causes would show the password.
    expect(result.cause).toBeUndefined();
  });

  it('leads to the primary where a replica has lost it: waiting for the replica mends nothing', () => {
    const { message } = redisError(
      reply("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is 'no'"),
      'x',
    );
    expect(message).toMatch(/replica that has lost its primary \(MASTERDOWN\); look at the primary/);
  });

  it('says to be tried again what may pass, and not what somebody has to mend', () => {
    const retryable = (error: Error): boolean => redisError(error, 'read').retryable;
    const passing = [
      reply('LOADING'),
      reply('READONLY'),
      reply('NOREPLICAS'),
      system('ECONNRESET'),
      system('ETIMEDOUT'),
    ];
    expect(passing.map(retryable)).toEqual([true, true, true, true, true]);
    expect([reply('WRONGPASS'), system('CERT_HAS_EXPIRED'), reply('MOVED 1 a:1')].map(retryable)).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('takes the last word of a node for that of the Cluster', () => {
    const error = Object.assign(new Error('Failed to refresh slots cache.'), {
      lastNodeError: reply('WRONGPASS invalid username-password pair'),
    });
    expect(redisError(error, 'read')).toMatchObject({ reason: 'unauthorized' });
    expect(redisError(new Error('Failed to refresh slots cache.'), 'read')).toMatchObject({ reason: 'unavailable' });
  });

  it('leaves a store error as it is', () => {
    const error = new StoreError('conflict', 'somebody was faster');
    expect(redisError(error, 'publish')).toBe(error);
  });

  it('finds codes in replies and system errors only', () => {
    expect(codeOf(reply('READONLY You'))).toBe('READONLY');
    expect(codeOf(reply('WRONGTYPE'))).toBe('WRONGTYPE');
    expect(
      codeOf(
        reply('ERR Error running script (call to f_1a): @user_script:9: @user_script: 9: -READONLY You can’t write'),
      ),
    ).toBe('READONLY');
    expect(codeOf(reply('ERR Error running script (call to f_1a): @user_script:9: nil'))).toBe('ERR');
    expect(codeOf(system('EPIPE'))).toBe('EPIPE');
    expect(codeOf(new Error('SECRET word'))).toBeUndefined();
    expect(codeOf(null)).toBeUndefined();
  });
});
