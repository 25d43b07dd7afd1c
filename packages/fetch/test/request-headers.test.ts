import { isStoreError } from '@clarity/flags-core/ports';
import { describe, expect, it } from 'vitest';
import { headerGiver, type RequestHeaders } from '../src/request-headers.ts';

const given = async (headers: unknown): Promise<Record<string, string>> =>
  Object.fromEntries(await headerGiver(headers as RequestHeaders, 'store')());

describe('headers', () => {
  it('are taken from an object, from Headers and from functions, by lower-case name', async () => {
    expect(await given(undefined)).toEqual({});
    expect(await given({ Authorization: 'Bearer x', 'X-Tenant': 'ä' })).toEqual({
      authorization: 'Bearer x',
      'x-tenant': 'ä',
    });
    expect(await given(new Headers({ Authorization: 'Bearer x' }))).toEqual({ authorization: 'Bearer x' });
    expect(await given(() => ({ a: '1' }))).toEqual({ a: '1' });
    expect(await given(async () => ({ a: '2' }))).toEqual({ a: '2' });
  });

  it('with the names of prototypes are plain headers', async () => {
    expect(await given(JSON.parse('{"__proto__":"a","constructor":"b"}'))).toMatchObject({ constructor: 'b' });
  });

  it.each([
    [null, /headers is null/],
    [['authorization', 'x'], /headers is an array/],
    ['Bearer x', /headers is of type string/],
    [{ 'bad name': 'hunter2' }, /a name in headers is "bad name"/],
    [{ '': 'hunter2' }, /a name in headers is ""/],
    [{ 'If-None-Match': '"hunter2"' }, /"If-None-Match".*sets itself/],
    [{ host: 'hunter2' }, /sets itself/],
    [{ range: 'bytes=0-hunter2' }, /sets itself/],
    [{ a: 'hunter2', A: 'hunter2' }, /"A" twice/],
    [{ authorization: undefined }, /"authorization" is missing/],
    [{ authorization: ['hunter2'] }, /"authorization" is an array/],
    [{ authorization: 'Bearer hunter2\n' }, /"authorization" is one that cannot be sent; .* line break/],
    [{ authorization: 'Bearer hunter2\r\nx: y' }, /"authorization" is one that cannot be sent; .* line break/],
    [{ authorization: 'Bearer hunter2\0' }, /"authorization" is one that cannot be sent; .* line break/],
    [{ authorization: 'Bearer hunter2 🧀' }, /is one that cannot be sent/],
    [{ authorization: `hunter2${'x'.repeat(20_000)}` }, /at most 16,384/],
  ])('%j are refused without their value', async (headers, message) => {
    const attempt = (): unknown => headerGiver(headers as unknown as RequestHeaders, 'store');
    expect(attempt).toThrow(TypeError);
    expect(attempt).toThrow(message);
    expect(attempt).not.toThrow(/hunter2/);
    // The same from a function, at the read.
    const error: unknown = await headerGiver((() => headers) as unknown as RequestHeaders, 'store')().catch(
      (rejection: unknown) => rejection,
    );
    expect(isStoreError(error) && error.reason).toBe('unauthorized');
    expect(String(error)).toMatch(message);
    expect(String(error)).not.toContain('hunter2');
  });

  it('from a function that fails are a StoreError without its message', async () => {
    const failing: RequestHeaders = async () => {
      throw new RangeError('token hunter2 is used up');
    };
    const error: unknown = await headerGiver(failing, 'store')().catch((rejection: unknown) => rejection);
    expect(error).toMatchObject({ _tag: 'StoreError', reason: 'unauthorized', retryable: true });
    expect(String(error)).toContain('the headers function failed with RangeError');
    expect(String(error)).not.toContain('hunter2');
    expect((error as Error).cause).toBeUndefined();
  });
});
