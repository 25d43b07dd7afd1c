import { describe, expect, it } from 'vitest';
import { statusError } from '../src/status-error.ts';

const NOW = Date.parse('2026-11-30T10:00:00Z');
const of = (status: number, headers: Record<string, string> = {}) =>
  statusError(new Response(null, { status, headers }), 'a.example', NOW);

describe('a status that is no document', () => {
  it.each([
    [401, 'unauthorized', false, 'check the credentials'],
    [403, 'unauthorized', false, 'check the credentials'],
    [407, 'unauthorized', false, 'check the credentials'],
    [404, 'not-found', false, 'publish a document there'],
    [410, 'not-found', false, 'publish a document there'],
    [429, 'throttled', true, 'poll less often'],
    [408, 'unavailable', true, 'if this repeats'],
    [425, 'unavailable', true, 'if this repeats'],
    [500, 'unavailable', true, 'look at the server'],
    [503, 'unavailable', true, 'look at the server'],
    [204, 'unavailable', false, 'must answer 200'],
    [400, 'unavailable', false, 'must answer 200'],
    [418, 'unavailable', false, 'must answer 200'],
    [499, 'unavailable', false, 'must answer 200'],
  ])('of %i is %s, worth another attempt: %s', (status, reason, retryable, remedy) => {
    const error = of(status);
    expect(error).toMatchObject({ reason, retryable });
    expect(error.message).toContain(`cannot read a.example: the server answered ${status}; `);
    expect(error.message).toContain(remedy);
    expect(error.retryAfterMs).toBeUndefined();
  });

  it('tells how long the server wants to be left alone, where another attempt is worth it', () => {
    const throttled = of(429, { 'retry-after': '30' });
    expect(throttled.retryAfterMs).toBe(30_000);
    expect(throttled.message).toContain('answered 429 and asked to wait 30 s; ');
    expect(of(404, { 'retry-after': '30' }).retryAfterMs).toBeUndefined();
  });
});
