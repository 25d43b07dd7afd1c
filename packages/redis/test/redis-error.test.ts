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

  it.each<[string, Error, readonly [RegExp, boolean]]>([
    ['WRONGPASS', reply('WRONGPASS x'), [/user name or password is wrong \(WRONGPASS\); correct them/, false]],
    ['NOAUTH', reply('NOAUTH x'), [/asks for a password \(NOAUTH\); give user name and password/, false]],
    ['NOPERM', reply('NOPERM x'), [/no permission \(NOPERM\); grant commands, key and channel/, false]],
    ['DENIED', reply('DENIED x'), [/protected mode \(DENIED\); give it a password/, false]],
    ['WRONGTYPE', reply('WRONGTYPE x'), [/another type than a hash.*; choose another namespace/, false]],
    ['MOVED', reply('MOVED 1 a:1'), [/node of a Cluster.*; hand in an ioredis Cluster client/, false]],
    ['CROSSSLOT', reply('CROSSSLOT x'), [/node of a Cluster/, false]],
    ['READONLY', reply('READONLY x'), [/read-only replica.*; publish to the primary/, true]],
    ['LOADING', reply('LOADING x'), [/not ready.*; wait until it is/, true]],
    ['BUSY', reply('BUSY x'), [/busy with a script.*SCRIPT KILL/, true]],
    ['CLUSTERDOWN', reply('CLUSTERDOWN x'), [/the Cluster is down.*CLUSTER INFO/, true]],
    ['NOREPLICAS', reply('NOREPLICAS x'), [/too few replicas.*; look at the replicas/, true]],
    ['MISCONF', reply('MISCONF x'), [/cannot persist.*; look at its disk/, true]],
    ['OOM', reply('OOM x'), [/no memory left.*; raise maxmemory/, true]],
    ['no database', reply('ERR DB index is out of range'), [/no such database.*; correct the number/, false]],
    ['no such command', reply('ERR unknown command `HELLO`'), [/does not know a command.*; use Redis 6.2/, false]],
    [
      'too many clients',
      reply('ERR max number of clients reached'),
      [/as many clients as it allows.*maxclients/, true],
    ],
    ['ECONNREFUSED', system('ECONNREFUSED'), [/nothing accepts connections.*; start Redis/, true]],
    ['ENOENT', system('ENOENT'), [/nothing accepts connections/, true]],
    ['ECONNRESET', system('ECONNRESET'), [/connection was lost.*; look at the server, at its maxclients/, true]],
    ['ENOTFOUND', system('ENOTFOUND'), [/host name cannot be resolved.*; correct the host/, true]],
    ['EHOSTUNREACH', system('EHOSTUNREACH'), [/no way to it.*; correct the host/, true]],
    ['ETIMEDOUT', system('ETIMEDOUT'), [/did not answer in time.*; look at the server and the network/, true]],
    ['an expired certificate', system('CERT_HAS_EXPIRED'), [/TLS certificate is not accepted.*tls\.ca/, false]],
    ['no TLS on the other side', system('ERR_SSL_WRONG_VERSION_NUMBER'), [/one side speaks TLS.*rediss:/, false]],
    [
      'a CA that is not PEM',
      system('ERR_OSSL_PEM_NO_START_LINE'),
      [/option tls holds something.*PEM is allowed/, false],
    ],
    ['a key that is not one', system('ERR_OSSL_UNSUPPORTED'), [/option tls holds something.*ca, cert and key/, false]],
    ['no Redis', new Error('Protocol error, got "H"'), [/not Redis; correct host and port/, false]],
    ['Sentinels', new Error('All sentinels are unreachable.'), [/no Sentinel answers; look at the Sentinels/, true]],
    ['a Cluster', new Error('None of startup nodes is available'), [/the Cluster does not answer/, true]],
    [
      'a subscribed client',
      new Error('Connection in subscriber mode'),
      [/is subscribed; hand in one that is not/, false],
    ],
  ])('says what to do, and whether waiting helps: %s', (_, error, [advice, retryable]) => {
    const told = redisError(error, 'read');
    expect(told.message).toMatch(advice);
    expect(told.retryable).toBe(retryable);
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
