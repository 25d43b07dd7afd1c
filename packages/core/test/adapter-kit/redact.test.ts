import { describe, expect, it } from 'vitest';
import { redact } from '../../src/adapter-kit/redact.ts';

describe('redact', () => {
  it.each([
    ['redis://flags:hunter2@h:6379/0', 'redis://***@h:6379/0'],
    ['cannot reach redis://u:hun/ter2@h now', 'cannot reach redis://***@h now'],
    ['redis://u:hunter@2@h', 'redis://***@h'],
    ['rediss//flags:hunter2@redis.internal', 'rediss//***@redis.internal'],
    ['flags:hunter2@redis.internal:6379', 'flags:***@redis.internal:6379'],
    [':hunter2@h', ':***@h'],
    ['REDIS_URL=flags:hun:t@er2@h now', 'REDIS_URL=flags:***@h now'],
    ["connect('flags:hunter2@h')", "connect('flags:***@h')"],
    ['flags:hun//ter2@h//x', 'flags:***@h//x'],
    ['("redis://u:hunter2@h")', '("redis://***@h")'],
    ['Authorization: Bearer hunter2.a-b_c', 'Authorization: *** ***'],
    ['https://h/x?access_token=hunter2&a=b', 'https://h/x?access_token=***&a=b'],
    ['?X-Amz-Signature=hunter2&X-Amz-Date=2026', '?X-Amz-Signature=***&X-Amz-Date=2026'],
    ['https://h/x?sv=1&sig=hunter2%3D', 'https://h/x?sv=1&sig=***'],
    ['client_secret=hunter2', 'client_secret=***'],
    ['AWS_SECRET_ACCESS_KEY=hun/ter2+', 'AWS_SECRET_ACCESS_KEY=***'],
    ['AccountKey=hunter2==;EndpointSuffix=x', 'AccountKey=***'],
    ['{"accessToken":"hunter2","a":"b"}', '{"accessToken":"***","a":"b"}'],
    ['password: "hunter2 hunter2", next', 'password: "***", next'],
    ["secret = 'hunter2 hunter2' next", "secret = '***' next"],
    ['"token":"hunter2\\"hunter2"}', '"token":"***"}'],
    ['{\\"password\\":\\"hunter2 b\\",\\"a\\":1}', '{\\"password\\":\\"***\\",\\"a\\":1}'],
    ['password="hunter2 without an end', 'password="***'],
    ['password=hun,ter2;hunter2 next', 'password=*** next'],
    ['error: password=hunter2', 'error: password=***'],
    ['x_credential: hunter2', 'x_credential: ***'],
  ])('%s', (text, shown) => {
    expect(redact(text)).toBe(shown);
    expect(redact(text)).not.toMatch(/hunter|ter2/);
  });

  it('hides what is long to its end', () => {
    const long = 'hunter2'.repeat(1_000);
    expect(redact(`redis://u:${long}@h bearer ${long} token=${long}`)).toBe('redis://***@h bearer *** token=***');
  });

  it.each([
    'cannot read https://cdn.example/flags.json: the server answered 500',
    'author: Ada, passed: 3, design: none, signal=abort, bypass=1',
    'anna@example.com wrote to //cdn.example/x',
    'npm install @clarity/flags-redis ioredis@6',
    'at 12:30 anna@example.com: done',
    '',
  ])('%j stays as it is', (text) => {
    expect(redact(text)).toBe(text);
  });

  // A megabyte: quadratic time would be minutes.
  it.each([
    '/',
    '//',
    'a:',
    'token',
    'a=',
    'token=',
    'token="',
    '\\',
    'token\\',
    'bearer ',
    '@',
    '//a@',
    ':@',
    ':a//',
    ' ',
    '-',
    'a\\"',
  ])('takes linear time for %j over and over', (piece) => {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
    const beganMs = performance.now();
    redact(text);
    expect(performance.now() - beganMs).toBeLessThan(2_000);
  });
});
