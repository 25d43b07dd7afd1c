import { assertPublishable } from '@clarity/flags-core/adapter-kit';
import { isStoreError } from '@clarity/flags-core/ports';
import { describe, expect, it } from 'vitest';

const flags = (inner: string): string => `{"schemaVersion":1,"flags":{${inner}}}`;

function refusal(
  text: unknown,
  limits: object,
  expected: unknown,
): { readonly reason: string; readonly message: string } {
  try {
    assertPublishable(text as string, 'redis', expected as 'absent', limits);
  } catch (error) {
    if (isStoreError(error)) return { reason: error.reason, message: error.message };
    throw error;
  }
  throw new Error('it was not refused');
}

describe('what may be published', () => {
  it('is a flag document', () => {
    expect(() =>
      assertPublishable(flags('"a":{"status":"enabled","description":"ü€😀"}'), 'redis', 'absent'),
    ).not.toThrow();
  });

  it('is nothing else: the refusal says where it is wrong and what to do', () => {
    expect(refusal(flags('"a":{"status":7}'), {}, 'absent')).toEqual({
      reason: 'invalid',
      message: expect.stringMatching(
        /^the document for redis was not written: .*a.*status.*mend it and publish again$/s,
      ),
    });
    expect(refusal('<html>', {}, 'absent').reason).toBe('invalid');
  });

  it('is refused for its first mistake, and says how many more there are', () => {
    const wrong = ['a', 'b', 'c'].map((key) => `"${key}":{"status":7}`);
    const messages = [1, 2, 3].map((count) => refusal(flags(wrong.slice(0, count).join(',')), {}, 'absent').message);
    expect(messages.map((message) => /\(and (\d+) more\)/.exec(message)?.[1])).toEqual([undefined, '1', '2']);
    for (const message of messages) expect(message).toContain('$.flags.a');
  });

  it('is not empty, unless that is allowed', () => {
    expect(refusal(flags(''), {}, 'absent').reason).toBe('invalid');
    expect(() => assertPublishable(flags(''), 'redis', 'absent', { allowEmpty: true })).not.toThrow();
  });

  it('is not larger than readers take', () => {
    expect(refusal(flags('"a":{"status":"enabled"}'), { maxBytes: 10 }, 'absent').reason).toBe('too-large');
  });

  it('has no half of a surrogate pair, which could not be read back', () => {
    expect(refusal(flags('"a":{"status":"enabled","description":"\ud800"}'), {}, 'absent')).toMatchObject({
      reason: 'invalid',
      message: expect.stringContaining('surrogate'),
    });
  });

  it.each([
    ['an object', { schemaVersion: 1, flags: {} }],
    ['bytes', new Uint8Array(3)],
    ['nothing', undefined],
  ])('is a text: %s is refused with what to give', (_, text) => {
    expect(refusal(text, {}, 'absent')).toEqual({
      reason: 'invalid',
      message: expect.stringMatching(
        /^the document for redis was not written: it is (of type .*|null|an array|missing); allowed is JSON text$/,
      ),
    });
  });

  it.each([undefined, null, {}, 'latest', 7, { epoch: 1 }])(
    'is compared with a revision or with nothing: %j is neither',
    (expected) => {
      expect(refusal(flags('"a":{"status":"enabled"}'), {}, expected)).toEqual({
        reason: 'invalid',
        message: expect.stringMatching(/^the document for redis .* the one that was read, or 'absent'$/),
      });
    },
  );

  it.each(['absent', 'any', { hash: 'a' }, { epoch: 1, version: 2 }])('may be compared with %j', (expected) => {
    const publish = (): void =>
      assertPublishable(flags('"a":{"status":"enabled"}'), 'redis', expected as 'absent' | 'any' | { hash: string });
    expect(publish).not.toThrow();
  });

  it.each(['false', 'true', 1, {}])('is not empty where allowEmpty is %j and not true', (allowEmpty) => {
    expect(refusal(flags(''), { allowEmpty }, 'absent').reason).toBe('invalid');
  });
});
