import { describe, expect, it } from 'vitest';
import { isCalledOff } from '../../src/ports/called-off.ts';
import { StoreError, toStoreError } from '../../src/ports/store-error.ts';

describe('F61 what a framework throws to call a request off', () => {
  it.each([
    [Object.assign(new Error('x'), { digest: 'DYNAMIC_SERVER_USAGE' }), true],
    [Object.assign(new Error('x'), { digest: 'HANGING_PROMISE_REJECTION' }), true],
    [{ $$typeof: Symbol.for('react.postpone') }, true],
    [new TypeError('fetch failed'), false],
    [new DOMException('x', 'AbortError'), false],
    [{ digest: 7 }, false],
    [undefined, false],
    [null, false],
  ])('%o: %s', (thrown, expected) => {
    expect(isCalledOff(thrown)).toBe(expected);
  });

  it('is a StoreError that says so, without the words of the framework, from adapters of others as well', () => {
    const error = toStoreError(Object.assign(new Error('fetch https://hunter2'), { digest: 'X' }), 'reading a store');
    expect(error).toBeInstanceOf(StoreError);
    expect(error).toMatchObject({ reason: 'unavailable', calledOff: true, retryable: false });
    expect(error.message + String(error.cause)).not.toContain('hunter2');
    expect(new StoreError('unavailable', 'down').calledOff).toBe(false);
  });
});
