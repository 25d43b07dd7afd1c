import { describe, expect, it } from 'vitest';
import { redisLayout } from '../src/layout.ts';
import { parseRedisPublishReply, redisPublishArguments, type RedisPublication } from '../src/publish.ts';

const NOW = Date.parse('2026-11-30T10:00:00Z');
const HASH = 'a'.repeat(64);
const layout = redisLayout({ namespace: 'shop' });

const publication = (changes: Partial<RedisPublication> = {}): RedisPublication => ({
  layout,
  scope: { namespace: 'shop' },
  text: '{}',
  hash: HASH,
  expected: 'absent',
  id: 'one',
  wallMs: NOW,
  ...changes,
});

function refusal(reply: unknown, changes: Partial<RedisPublication> = {}): unknown {
  try {
    parseRedisPublishReply(reply, publication(changes));
  } catch (error) {
    return error;
  }
  throw new Error('it was not refused');
}

describe('the arguments of the publishing script', () => {
  const expectation = (expected: RedisPublication['expected']) =>
    redisPublishArguments(publication({ expected })).args.slice(0, 4);

  it('say what the key is expected to hold', () => {
    expect(expectation('absent')).toEqual(['absent', '', '', '']);
    expect(expectation('any')).toEqual(['any', '', '', '']);
    expect(expectation({ hash: 'b' })).toEqual(['hash', '', '', 'b']);
    expect(expectation({ epoch: 1, version: 2 })).toEqual(['revision', '1', '2', '']);
    expect(expectation({ epoch: 1, version: 2, hash: 'b' })).toEqual(['revision', '1', '2', 'b']);
  });

  it('announce on the channel, and by sharded pub/sub only where that is asked for', () => {
    const of = (changes: Partial<RedisPublication>) => redisPublishArguments(publication(changes));
    expect(of({}).keys).toEqual(['shop:document']);
    expect(of({}).args.slice(4, 10)).toEqual([HASH, 'one', '{}', 'PUBLISH', layout.channel, layout.channel]);
    expect(of({ sharded: true }).args.slice(7, 10)).toEqual(['SPUBLISH', layout.shardChannel, layout.channel]);
  });

  it('end with whole milliseconds, the highest epoch that is known, and the key of ids', () => {
    const { args } = redisPublishArguments(publication({ wallMs: NOW + 0.7 }));
    expect(args.slice(-3)).toEqual([String(NOW), '0', layout.idsKey]);
    expect(redisPublishArguments(publication({ floorEpoch: 9 })).args.at(-2)).toBe('9');
  });
});

describe('the reply of the publishing script', () => {
  it('is the new revision, with the hash of what was sent', () => {
    expect(parseRedisPublishReply(['published', String(NOW), '1', HASH], publication())).toEqual({
      epoch: NOW,
      version: 1,
      hash: HASH,
    });
  });

  it.each([[['published', 'x', '1']], [['published', String(NOW)]], [['shouted']], ['OK'], [null]])(
    'is refused when it has no known shape: %j',
    (reply) => {
      expect(refusal(reply)).toMatchObject({
        reason: 'unavailable',
        message: expect.stringContaining('check that shop:document is on a Redis'),
      });
    },
  );

  it('tells what was expected, what is held, and what to do', () => {
    const held = ['conflict', String(NOW), '7', HASH];
    expect(refusal(held)).toMatchObject({
      reason: 'conflict',
      revision: { epoch: NOW, version: 7, hash: HASH },
      message: expect.stringMatching(/shop:document was expected to be absent and holds .*; read it again/),
    });
    expect(refusal(held, { expected: { epoch: NOW, version: 6 } })).toMatchObject({
      message: expect.stringContaining('was expected to hold'),
    });
    const nothing = refusal(['conflict'], { expected: { hash: HASH } });
    expect(nothing).toMatchObject({ reason: 'conflict', message: expect.stringContaining('and holds nothing') });
    expect(nothing).not.toHaveProperty('revision', expect.anything());
  });

  it('says that the store lost writes when it holds an older revision than was expected', () => {
    const expected = { epoch: NOW, version: 6 };
    expect(refusal(['conflict', String(NOW - 1), '5'], { expected })).toMatchObject({
      message: expect.stringContaining('the store lost what was published since'),
    });
    expect(refusal(['conflict', String(NOW), 'x'], { expected })).not.toHaveProperty('revision', expect.anything());
  });

  it('names the fields that nobody can read', () => {
    expect(refusal(['unreadable', String(NOW), 'x', HASH, String(NOW), '2'])).toMatchObject({
      reason: 'invalid',
      message: expect.stringContaining('shop:document is without a readable'),
    });
  });

  it('warns of lost writes, and not where it only tells again of what was carried out before', () => {
    const floorEpoch = NOW - 1_000;
    const first = ['published', String(NOW), '1', HASH];
    expect(parseRedisPublishReply([...first, ''], publication({ floorEpoch })).warnings).toMatchObject([
      { kind: 'lost-writes' },
    ]);
    expect(parseRedisPublishReply(first, publication({ floorEpoch })).warnings).toBeUndefined();
  });

  it('tells of epochs and clocks that are ahead, with the hours', () => {
    expect(refusal(['exhausted'])).toMatchObject({
      reason: 'invalid',
      message: expect.stringContaining('restore a document over it'),
    });
    expect(refusal(['clocks', String(NOW + 30 * 3_600_000)])).toMatchObject({
      reason: 'invalid',
      message: expect.stringContaining('which is 30 h ahead'),
    });
  });

  const told = (infoProblem: unknown, idsProblem: unknown) =>
    parseRedisPublishReply(
      ['published', String(NOW), '1', HASH, '', '', '', String(NOW), infoProblem, idsProblem],
      publication(),
    ).warnings;

  it.each([
    "NOPERM this user has no permissions to run the 'info' command",
    'The user executing the script can’t run this command',
    'ACL failure in script: no permission',
  ])('warns of rights that are missing: %s', (problem) => {
    expect(told(problem, '')).toEqual([
      { kind: 'missing-right', message: expect.stringContaining('grant +info|replication') },
    ]);
    expect(told('', problem)).toEqual([
      { kind: 'missing-right', message: expect.stringContaining('grant ~shop:ids:{shop:document}, +hmget and +hset') },
    ]);
    expect(told(problem, problem)).toHaveLength(2);
  });

  it('warns of nothing that rights do not mend', () => {
    expect(told('ERR unknown command', 'OOM command not allowed')).toBeUndefined();
    expect(told(null, undefined)).toBeUndefined();
  });
});
