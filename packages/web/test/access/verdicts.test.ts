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
    [true, 'what the authorizer gave is true'],
    ['hunter2', 'what the authorizer gave is of type string'],
    [{}, 'the actor that the authorizer gave is missing'],
    [{ actor: 5, roles: [] }, 'the actor that the authorizer gave is of type number'],
    [{ actor: ' ', roles: [] }, 'the actor that the authorizer gave is empty'],
    [{ actor: 'x'.repeat(201), roles: [] }, 'the actor that the authorizer gave is too long'],
    [{ actor: 'hunter2' }, 'roles that the authorizer gave are not a list of texts'],
    [{ actor: 'ada', roles: 'admin' }, 'roles that the authorizer gave are not a list of texts'],
    [{ actor: 'ada', roles: ['admin', 5] }, 'roles that the authorizer gave are not a list of texts'],
  ])('is not %j, and the application is told why', (verdict, found) => {
    const attempt = () => namedCaller(verdict);
    expect(attempt).toThrow(TypeError);
    expect(attempt).toThrow(`${found}; allowed is { actor: 'ada', roles: ['editor'] }`);
    expect(attempt).not.toThrow(/hunter2/);
  });
});
