import { assertPublishable, isStoreError } from '@clarity/flags-core/ports';
import { describe, expect, it } from 'vitest';

const flags = (inner: string): string => `{"schemaVersion":1,"flags":{${inner}}}`;

function refusal(text: string, limits = {}): { readonly reason: string; readonly message: string } {
  try {
    assertPublishable(text, 'redis', limits);
  } catch (error) {
    if (isStoreError(error)) return { reason: error.reason, message: error.message };
    throw error;
  }
  throw new Error('it was not refused');
}

describe('what may be published', () => {
  it('is a flag document', () => {
    expect(() => assertPublishable(flags('"a":{"status":"enabled","description":"ü€😀"}'), 'redis')).not.toThrow();
  });

  it('is nothing else: the refusal says where it is wrong and what to do', () => {
    expect(refusal(flags('"a":{"status":7}'))).toEqual({
      reason: 'invalid',
      message: expect.stringMatching(
        /^the document for redis was not written: .*a.*status.*mend it and publish again$/s,
      ),
    });
    expect(refusal('<html>').reason).toBe('invalid');
  });

  it('is not empty, unless that is allowed', () => {
    expect(refusal(flags('')).reason).toBe('invalid');
    expect(() => assertPublishable(flags(''), 'redis', { allowEmpty: true })).not.toThrow();
  });

  it('is not larger than readers take', () => {
    expect(refusal(flags('"a":{"status":"enabled"}'), { maxBytes: 10 }).reason).toBe('too-large');
  });

  it('has no half of a surrogate pair, which could not be read back', () => {
    expect(refusal(flags('"a":{"status":"enabled","description":"\ud800"}'))).toMatchObject({
      reason: 'invalid',
      message: expect.stringContaining('surrogate'),
    });
  });
});
