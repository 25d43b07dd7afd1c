import { StoreError } from '@clarity/flags-core/ports';
import { describe, expect, it } from 'vitest';
import { upstashError, upstashFailure } from '../src/upstash-error.ts';

const SECRET = 'hunter2';
/** As the library throws it: with the whole command. */
const thrown = (message: string): Error => upstashFailure(`${message}, command was: ["eval","${SECRET}"]`);

describe('what Upstash says', () => {
  it.each([
    ['WRONGPASS invalid or missing auth token', 'unauthorized', /UPSTASH_REDIS_REST_TOKEN/],
    ['Unauthorized', 'unauthorized', /UPSTASH_REDIS_REST_TOKEN/],
    ["NOPERM this user has no permissions to run the 'eval' command", 'unauthorized', /token that may write/],
    ['ERR max requests limit exceeded. Limit: 500000, Usage: 500000', 'throttled', /request limit/],
    ['ERR max daily request limit exceeded. Limit: 10000', 'throttled', /request limit/],
    ['ERR max request size exceeded. Limit: 1048576 bytes', 'too-large', /larger than a request/],
    ['READONLY You can’t write against a read only replica', 'unavailable', /no writes now/],
    ['LOADING Redis is loading the dataset in memory', 'unavailable', /not ready/],
    ['OOM command not allowed', 'unavailable', /full/],
    ['WRONGTYPE Operation against a key holding the wrong kind of value', 'invalid', /another type.*namespace/],
    ['ERR no WRONGTYPE', 'unavailable', /answered ERR/],
    ['ERR something new', 'unavailable', /answered ERR/],
  ] as const)('"%s" is %s, without the command', (message, reason, words) => {
    const error = upstashError(thrown(message), 'read key');
    expect(error).toMatchObject({ reason, retryable: ['throttled', 'unavailable'].includes(reason) });
    expect(error.message).toMatch(words);
    expect(JSON.stringify([error.message, String(error.cause)])).not.toContain(SECRET);
  });
});

describe('what the client and the network say', () => {
  const fetchFailed = (code: string): Error =>
    Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(SECRET), { code }) });

  it.each([
    ['a name that is not known', fetchFailed('ENOTFOUND'), 'unavailable', /ENOTFOUND.*DNS/],
    ['a refused connection', fetchFailed('ECONNREFUSED'), 'unavailable', /ECONNREFUSED/],
    ['F27 a certificate that expired', fetchFailed('CERT_HAS_EXPIRED'), 'unavailable', /CERT_HAS_EXPIRED/],
    ['a failure without a code', new TypeError(`fetch failed ${SECRET}`), 'unavailable', /TypeError/],
    ['a failure whose cause is null', new TypeError('failed', { cause: null }), 'unavailable', /failed \(TypeError\)/],
    [
      'a failure whose cause has no code',
      new TypeError('failed', { cause: {} }),
      'unavailable',
      /failed \(TypeError\)/,
    ],
    [
      'a failure whose cause is text',
      new TypeError('failed', { cause: SECRET }),
      'unavailable',
      /failed \(TypeError\)/,
    ],
    ['an abort', new DOMException(SECRET, 'AbortError'), 'timeout', /stopped before/],
    [
      'an answer that is not JSON',
      Object.assign(new Error(`Unable to parse response body: ${SECRET}`), { name: 'UpstashJSONParseError' }),
      'invalid',
      /not that of the REST API/,
    ],
    ['an answer that the runtime cannot parse', new SyntaxError(SECRET), 'invalid', /not that of the REST API/],
    [
      'an answer without a result',
      new TypeError('Request did not return a result'),
      'invalid',
      /not that of the REST API/,
    ],
    ['no error at all', SECRET, 'unavailable', /a string/],
  ] as const)('%s', (_name, error, reason, words) => {
    const told = upstashError(error, 'read key');
    expect(told.reason).toBe(reason);
    expect(told.message).toMatch(words);
    expect(told.message).not.toContain(SECRET);
    expect(told.notADocument).toBe(reason === 'invalid');
  });

  it('an error of ours stays what it is', () => {
    const ours = new StoreError('timeout', 'stopped');
    expect(upstashError(ours, 'read key')).toBe(ours);
  });
});
