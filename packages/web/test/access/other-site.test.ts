import { expect, it } from 'vitest';
import { isOfAnotherSite } from '../../src/index.ts';

const asked = (headers: Record<string, string>) => isOfAnotherSite(new Request('http://face.test/x', { headers }));
const json = { 'content-type': 'application/json' };

it.each([
  {},
  { 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-site': 'none' },
  { 'sec-fetch-site': 'same-origin', origin: 'http://evil.test' },
  { origin: 'http://face.test' },
  { origin: 'https://face.test' },
  // No other site's page can send it unasked, and a proxy may hide the host.
  { origin: 'http://public.test', ...json },
])('a request with %j is not of another site', (headers) => {
  expect(asked(headers)).toBe(false);
});

it.each([
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': 'cross-site', ...json },
  { origin: 'http://evil.test' },
  { origin: 'http://face.test:81' },
  { origin: 'https://face.test.evil.test' },
  { origin: 'null' },
  { origin: '' },
  { origin: 'http://evil.test', 'content-type': 'text/plain; application/json' },
])('a request with %j is of another site', (headers) => {
  expect(asked(headers)).toBe(true);
});
