import { parseRedisNotice } from '../src/index.ts';
import { describe, expect, it } from 'vitest';
import { redisNoticeHead, type RedisNoticeScope } from '../src/notice.ts';

const revision = { epoch: 1_763_812_800_000, version: 17, hash: 'a'.repeat(64) };
const scope = { namespace: 'feature_flags', database: 0 };

/** As the publishing script ends it. */
const encodeRedisNotice = (of: RedisNoticeScope, { epoch, version, hash }: typeof revision): string =>
  `${redisNoticeHead(of)}"epoch":${epoch},"version":${version},"hash":"${hash}"}`;

describe('a notice', () => {
  it('says which revision was published', () => {
    expect(parseRedisNotice(encodeRedisNotice(scope, revision), scope)).toEqual({ kind: 'changed', revision });
  });

  it('is short for every document', () => {
    expect(encodeRedisNotice(scope, revision).length).toBeLessThan(200);
  });

  it.each([
    ['another namespace', { namespace: 'shop', database: 0 }],
    ['another namespace whose database is unknown', { namespace: 'shop' }],
    ['another database', { namespace: 'feature_flags', database: 3 }],
  ])('F56 of %s is foreign', (_, other) => {
    expect(parseRedisNotice(encodeRedisNotice(other, revision), scope)).toEqual({ kind: 'foreign' });
  });

  it('of a publisher that knows no database is ours', () => {
    const message = encodeRedisNotice({ namespace: 'feature_flags' }, revision);
    expect(parseRedisNotice(message, scope)).toEqual({ kind: 'changed', revision });
    expect(parseRedisNotice(encodeRedisNotice(scope, revision), { namespace: 'feature_flags' })).toEqual({
      kind: 'changed',
      revision,
    });
  });

  it.each([
    ['a word', 'refresh'],
    ['nothing', ''],
    ['a number', '17'],
    ['null', 'null'],
    ['a list', '[1]'],
    ['a text in JSON', '"refresh"'],
    ['JSON that is cut', '{"clarity":1,'],
    ['F55 a document', '{"schemaVersion":1,"flags":{"a":{"status":"enabled"}}}'],
    ['an object of another system', '{"namespace":"shop","event":"changed"}'],
    ['a later format', JSON.stringify({ clarity: 2, namespace: 'feature_flags', ...revision })],
    ['a revision of the wrong kind', JSON.stringify({ clarity: 1, namespace: 'feature_flags', epoch: {}, version: 1 })],
    [
      'F54 a version beyond 2^53',
      `{"clarity":1,"namespace":"feature_flags","epoch":1,"version":9007199254740993,"hash":"${revision.hash}"}`,
    ],
    [
      'a hash that is not one',
      JSON.stringify({ clarity: 1, namespace: 'feature_flags', epoch: 1, version: 1, hash: 'abc' }),
    ],
    ['prototype keys', '{"__proto__":{"clarity":1,"namespace":"shop"}}'],
    ['a flood in one message', `{"clarity":1,"namespace":"shop","x":"${'x'.repeat(5_000_000)}"}`],
  ])('is a mere "look again" when it is %s', (_, message) => {
    expect(parseRedisNotice(message, scope)).toEqual({ kind: 'changed' });
  });
});
