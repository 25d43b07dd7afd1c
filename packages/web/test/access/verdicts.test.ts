import { describe, expect, it } from 'vitest';
import { namedCaller, yes } from '../../src/index.ts';

it.each([false, undefined, null, 1, 'yes', {}, [], { actor: 'ada', roles: [] }])('%j is no yes', (verdict) => {
  expect(yes(verdict)).toBeUndefined();
});

it('true is a yes', () => {
  expect(yes(true)).toBe(true);
});

describe('a named caller', () => {
  it('is one with an actor and roles, which nobody can change afterwards', () => {
    const roles = ['editor'];
    const caller = namedCaller({ actor: 'ada', roles, more: 1 });
    roles.push('admin');
    expect(caller).toEqual({ actor: 'ada', roles: ['editor'] });
  });

  it('may have no role', () => {
    expect(namedCaller({ actor: 'x'.repeat(200), roles: [] })).toMatchObject({ roles: [] });
  });

  it.each([false, null, undefined])('is not there for %j', (verdict) => {
    expect(namedCaller(verdict)).toBeUndefined();
  });

  it.each([
    [true, 'true'],
    ['hunter2', 'a value of type string'],
    [{}, 'an actor that is missing'],
    [{ actor: 5, roles: [] }, 'an actor that is not a text'],
    [{ actor: ' ', roles: [] }, 'an actor that is empty'],
    [{ actor: 'x'.repeat(201), roles: [] }, 'an actor that is too long'],
    [{ actor: 'hunter2' }, 'roles that are not a list of texts'],
    [{ actor: 'ada', roles: 'admin' }, 'roles that are not a list of texts'],
    [{ actor: 'ada', roles: ['admin', 5] }, 'roles that are not a list of texts'],
  ])('is not %j, and the application is told why', (verdict, found) => {
    const attempt = () => namedCaller(verdict);
    expect(attempt).toThrow(TypeError);
    expect(attempt).toThrow(`the authorizer gave ${found}; allowed are { actor: 'ada', roles: ['editor'] }`);
    expect(attempt).not.toThrow(/hunter2/);
  });
});
