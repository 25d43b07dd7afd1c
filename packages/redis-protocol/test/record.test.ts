import { describe, expect, it } from 'vitest';
import { REDIS_DOCUMENT_FIELDS } from '../src/layout.ts';
import { redisRecord } from '../src/record.ts';

const KEY = 'shop:document';
const HASH = 'a'.repeat(64);
const FIELDS = ['1763812800000', '17', HASH, '1763812800500', '120'] as const;

function refusal(reply: readonly unknown[]): unknown {
  try {
    redisRecord(KEY, reply);
  } catch (error) {
    return error;
  }
  throw new Error('it was not refused');
}

describe('the record', () => {
  it('is not found when no field is there', () => {
    for (const reply of [[null, null, null, null, null], [undefined, null, null, null, null, null], []]) {
      expect(refusal(reply)).toMatchObject({ reason: 'not-found', message: expect.stringContaining(KEY) });
    }
  });

  it('is read from the first fields of either reply', () => {
    const record = {
      revision: { epoch: 1_763_812_800_000, version: 17, hash: HASH },
      publishedAtMs: 1_763_812_800_500,
      bytes: 120,
    };
    expect(redisRecord(KEY, FIELDS)).toEqual(record);
    expect(REDIS_DOCUMENT_FIELDS.at(-1)).toBe('doc');
    expect(redisRecord(KEY, [...FIELDS, '{"a":1}'])).toEqual(record);
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
  ])('is invalid when field %i is %j, and names the field without showing it', (index, value, name) => {
    const error = refusal(FIELDS.with(index, value));
    expect(error).toMatchObject({
      reason: 'invalid',
      message: expect.stringContaining(` without a readable ${name}, `),
    });
    if (value !== '') expect(String(error)).not.toContain(value);
  });

  it('is invalid when fields are missing, and names them', () => {
    expect(refusal([FIELDS[0], null, null, FIELDS[3], 'x'])).toMatchObject({
      reason: 'invalid',
      message: expect.stringContaining(' without a readable v, sha256, bytes, '),
    });
    expect(refusal([null, null, null, null, null, '{"a":1}'])).toMatchObject({ reason: 'invalid' });
  });

  it('F54 refuses a version at or beyond 2^53', () => {
    expect(redisRecord(KEY, FIELDS.with(1, String(Number.MAX_SAFE_INTEGER)))).toMatchObject({
      revision: { version: Number.MAX_SAFE_INTEGER },
    });
    expect(refusal(FIELDS.with(1, '9007199254740992'))).toMatchObject({ reason: 'invalid' });
    expect(refusal(FIELDS.with(0, '9'.repeat(300)))).toMatchObject({ reason: 'invalid' });
  });
});
