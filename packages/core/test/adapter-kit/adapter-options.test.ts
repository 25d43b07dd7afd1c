import { describe, expect, it } from 'vitest';
import { checkedName, requireOptions } from '../../src/adapter-kit/adapter-options.ts';

describe('requireOptions', () => {
  it.each([
    [undefined, 'missing'],
    [null, 'null'],
    ['redis://u:hunter2@h', 'of type string'],
    [() => {}, 'of type function'],
  ])('refuses %o and says what to give, not what it found', (options, found) => {
    const attempt = (): void => requireOptions(options, 'a store', '{ path }');
    expect(attempt).toThrow(new TypeError(`options of a store are ${found}; give { path }`));
  });

  it('takes any object', () => {
    expect(() => requireOptions({}, 'a store', '{ path }')).not.toThrow();
  });
});

describe('checkedName', () => {
  it.each([undefined, 'cdn', 'x'.repeat(100)])('takes %j', (name) => {
    expect(checkedName(name)).toBe(name);
  });

  it.each(['', '  ', 'x'.repeat(101), 5, null, {}])('refuses %j with what is allowed', (name) => {
    expect(() => checkedName(name)).toThrow(TypeError);
    expect(() => checkedName(name)).toThrow(/^name is .*; a text of 1 to 100 characters is allowed$/);
  });
});
