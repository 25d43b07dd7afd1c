import { describe, expect, it } from 'vitest';
import { parseRedisRecord, REDIS_DOCUMENT_FIELDS, redisLayout } from '@clarity/flags-core/ports';

const HASH = 'a'.repeat(64);
const FIELDS = ['1763812800000', '17', HASH, '1763812800500', '120'] as const;

describe('the layout', () => {
  it('has the channel and key that the default names', () => {
    expect(redisLayout()).toEqual({
      namespace: 'feature_flags',
      key: 'feature_flags:document',
      channel: 'feature_flags:config-changed',
      shardChannel: '{feature_flags:document}:feature_flags:config-changed',
    });
  });

  it('takes another namespace and another channel', () => {
    expect(redisLayout({ namespace: 'shop' })).toMatchObject({ key: 'shop:document', channel: 'shop:config-changed' });
    expect(redisLayout({ namespace: 'shop', channel: 'feature_flags:config-changed' })).toMatchObject({
      key: 'shop:document',
      channel: 'feature_flags:config-changed',
    });
  });

  it.each(['', 'a b', '{tag}', 'é', 'x'.repeat(129), 'line\n', 7 as unknown as string])(
    'refuses the namespace %j and says what is allowed',
    (namespace) => {
      expect(() => redisLayout({ namespace })).toThrow(/namespace is .*letters, digits/);
    },
  );

  it.each(['', 'x'.repeat(257), null as unknown as string])('refuses the channel %j', (channel) => {
    expect(() => redisLayout({ channel })).toThrow(/channel is .*1 to 256/);
  });
});

describe('the record', () => {
  it('is absent when no field is there', () => {
    expect(parseRedisRecord([null, null, null, null, null])).toEqual({ kind: 'absent' });
    expect(parseRedisRecord([])).toEqual({ kind: 'absent' });
  });

  it('is read from the first fields of either reply', () => {
    const record = {
      kind: 'present',
      revision: { epoch: 1_763_812_800_000, version: 17, hash: HASH },
      publishedAtMs: 1_763_812_800_500,
      bytes: 120,
    };
    expect(parseRedisRecord(FIELDS)).toEqual(record);
    expect(REDIS_DOCUMENT_FIELDS.at(-1)).toBe('doc');
    expect(parseRedisRecord([...FIELDS, '{"a":1}'])).toEqual(record);
  });

  it.each([
    [0, '', 'epoch'],
    [0, '-1', 'epoch'],
    [0, '1e3', 'epoch'],
    [1, ' 7', 'v'],
    [1, '0x10', 'v'],
    [2, HASH.toUpperCase(), 'sha256'],
    [2, `${HASH}0`, 'sha256'],
    [3, 'yesterday', 'at'],
    [4, '12.5', 'bytes'],
  ])('is unreadable when field %i is %j, and names the field without showing it', (index, value, name) => {
    const record = parseRedisRecord(FIELDS.with(index, value));
    expect(record).toEqual({ kind: 'unreadable', problem: `with an unreadable ${name}` });
  });

  it('is unreadable when fields are missing, and names them', () => {
    expect(parseRedisRecord([FIELDS[0], null, null, FIELDS[3], 'x'])).toEqual({
      kind: 'unreadable',
      problem: 'without v, sha256 and with an unreadable bytes',
    });
  });

  it('F54 refuses a version at or beyond 2^53', () => {
    expect(parseRedisRecord(FIELDS.with(1, String(Number.MAX_SAFE_INTEGER)))).toMatchObject({ kind: 'present' });
    expect(parseRedisRecord(FIELDS.with(1, '9007199254740992'))).toMatchObject({ kind: 'unreadable' });
    expect(parseRedisRecord(FIELDS.with(0, '9'.repeat(300)))).toMatchObject({ kind: 'unreadable' });
  });
});
