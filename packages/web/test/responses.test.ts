import { expect, it } from 'vitest';
import { json, problem, redirect, text } from '../src/index.ts';
import { noContent, wholeBody, withoutBody, withSecurityHeaders } from '../src/responses.ts';

it('an answer states its length in bytes, and is neither stored nor sniffed nor framed', async () => {
  const response = json(200, { a: 'ä' });
  expect(Object.fromEntries(response.headers)).toEqual({
    'cache-control': 'no-store',
    'content-length': '10',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'content-type': 'application/json',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  expect(await response.json()).toEqual({ a: 'ä' });
});

it('a problem has what RFC 9457 names, and members and headers of its own', async () => {
  const response = problem(503, 'Wait.', { headers: { 'Retry-After': '3' }, members: { reason: 'closed' } });
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(response.headers.get('retry-after')).toBe('3');
  expect(await response.json()).toEqual({
    type: 'about:blank',
    title: 'Service Unavailable',
    status: 503,
    detail: 'Wait.',
    reason: 'closed',
  });
});

it('a body that was whole can be taken in one piece, by the copy of this file in another package, too', () => {
  const response = text(200, 'whole', 'text/plain');
  expect(new TextDecoder().decode(wholeBody(response))).toBe('whole');
  expect(Reflect.get(response, Symbol.for('clarity-flags.whole-body'))).toBe(wholeBody(response));
  expect(Object.keys(response)).toEqual([]);
  expect(wholeBody(new Response('stream'))).toBeUndefined();
});

it('a body that was read is not there to be taken', async () => {
  const response = text(200, 'whole', 'text/plain');
  await response.text();
  expect(wholeBody(response)).toBeUndefined();
});

it('an answer of somebody else keeps what it says itself, and gets the other security headers', () => {
  const response = withSecurityHeaders(new Response(null, { headers: { 'Cache-Control': 'max-age=1' } }));
  expect(response.headers.get('cache-control')).toBe('max-age=1');
  expect(response.headers.get('referrer-policy')).toBe('no-referrer');
});

it('an answer without a body tells who would have produced it', async () => {
  let told = false;
  const body = new ReadableStream({
    cancel: () => {
      told = true;
    },
  });
  const response = withoutBody(new Response(body, { status: 201, headers: { 'x-a': '1' } }));
  expect([response.status, response.body, response.headers.get('x-a'), told]).toEqual([201, null, '1', true]);
});

it('a redirect and an answer without content have the security headers, too', () => {
  for (const response of [redirect(308, 'there/'), noContent({ Allow: 'GET' })])
    expect(response.headers.get('cache-control')).toBe('no-store');
});
