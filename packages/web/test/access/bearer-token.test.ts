import { describe, expect, it } from 'vitest';
import { bearerToken } from '../../src/index.ts';

const token = 'a-token-of-some-length';

async function verdict(authorize: ReturnType<typeof bearerToken>, authorization?: string): Promise<unknown> {
  const headers = new Headers(authorization === undefined ? [] : [['authorization', authorization]]);
  return authorize(new Request('http://flags.test/', { headers }));
}

describe('a bearer token', () => {
  it.each([`Bearer ${token}`, `bearer ${token}`, `BEARER   ${token}`])('lets %j through', async (authorization) => {
    expect(await verdict(bearerToken(token), authorization)).toBe(true);
  });

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    token,
    `Basic ${token}`,
    `Bearer ${token.slice(0, -1)}`,
    `Bearer ${token}x`,
    `Bearer ${token} ${token}`,
    `Bearer ${token.toUpperCase()}`,
    `Bearer ${'x'.repeat(100_000)}`,
    `Bearer ${token}, Bearer other`,
  ])('refuses %j', async (authorization) => {
    expect(await verdict(bearerToken(token), authorization)).toBe(false);
  });

  it.each([16, 1_024])('may have %d characters', async (length) => {
    const long = 'x'.repeat(length);
    expect(await verdict(bearerToken(long), `Bearer ${long}`)).toBe(true);
  });

  it('may be one of several, while it is being replaced', async () => {
    const authorize = bearerToken([token, 'the-next-token-to-use']);
    expect(await verdict(authorize, `Bearer ${token}`)).toBe(true);
    expect(await verdict(authorize, 'Bearer the-next-token-to-use')).toBe(true);
    expect(await verdict(authorize, 'Bearer the-last-token-in-use')).toBe(false);
  });

  it.each([
    ['short'],
    [''],
    ['with a space in the token'],
    ['umläute-in-the-token'],
    ['x'.repeat(1_025)],
    [[]],
    [[token, 'short']],
    [undefined],
    [17],
  ])('is refused as a setting when it is %j, without being repeated', (bad) => {
    const make = () => bearerToken(bad as string);
    expect(make).toThrow(/16 to 1024 letters/);
    if (typeof bad === 'string' && bad !== '') expect(make).not.toThrow(bad);
  });

  it.each([[undefined], [''], [[]]])('points to the variable when there is none: %j', (none) => {
    expect(() => bearerToken(none)).toThrow(/a bearer token is missing \(is its variable set\?\); allowed is/);
  });
});
