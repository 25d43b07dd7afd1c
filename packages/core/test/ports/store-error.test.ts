import { describe, expect, it } from 'vitest';
import { failureOf, StoreError, toStoreError } from '../../src/ports/store-error.ts';

describe('a store error', () => {
  it('of another maker with a reason nobody knows counts as unavailable', () => {
    const odd = { _tag: 'StoreError', reason: 'on-fire', message: 'smoke' };
    expect(failureOf(odd, 'read')).toMatchObject({ reason: 'unavailable', retryable: true, message: 'smoke' });
  });

  it('of another maker without a message says what was under way', () => {
    const odd = { _tag: 'StoreError', reason: 'timeout' };
    expect(failureOf(odd, 'reading redis')).toMatchObject({ reason: 'timeout', message: 'reading redis' });
    expect(toStoreError(odd, 'reading redis')).toMatchObject({
      reason: 'timeout',
      message: 'reading redis',
      cause: odd,
    });
  });

  it.each([
    [Number.NaN, undefined],
    [-1, undefined],
    [0, 0],
    [1e12, 2 ** 31 - 1],
  ])('that asks for a wait of %s ms asks for %s', (retryAfterMs, kept) => {
    expect(new StoreError('throttled', 'slow down', { retryAfterMs }).retryAfterMs).toBe(kept);
  });

  it('that is as it should be stays itself', () => {
    const error = new StoreError('throttled', 'slow down', { retryAfterMs: 50 });
    expect(toStoreError(error, 'read')).toBe(error);
  });

  it('is made of anything else that is thrown, without the words of the thrown', () => {
    for (const thrown of [new TypeError('redis://u:p@h'), 'redis://u:p@h', null, undefined]) {
      const { reason, message } = failureOf(thrown, 'read of redis');
      expect(reason).toBe('unavailable');
      expect(message).toMatch(/^read of redis failed with (TypeError|string|object|undefined); /);
    }
  });
});
