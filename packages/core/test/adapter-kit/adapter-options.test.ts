import { describe, expect, it } from 'vitest';
import {
  checkedChoice,
  checkedDuration,
  checkedMaxBytes,
  checkedName,
  checkedNumber,
  checkedSwitch,
  requireFunction,
  requireOptions,
  showOption,
} from '../../src/adapter-kit/adapter-options.ts';

describe('requireOptions', () => {
  it.each([
    [undefined, 'missing'],
    [null, 'null'],
    ['redis://u:hunter2@h', 'of type string'],
    [() => {}, 'of type function'],
  ])('refuses %o and says what is allowed, not what it found', (options, found) => {
    const attempt = (): void => requireOptions(options, 'a store', '{ path }');
    expect(attempt).toThrow(new TypeError(`options of a store are ${found}; allowed is { path }`));
  });

  it('takes any object', () => {
    expect(() => requireOptions({}, 'a store', '{ path }')).not.toThrow();
  });
});

describe('requireFunction', () => {
  it.each([
    [undefined, 'onError is missing'],
    [null, 'onError is null'],
    ['hunter2', 'onError is of type string'],
  ])('%j is not a function, and the error says what is', (given, found) => {
    expect(() => requireFunction('onError', given, '(error) => log(error)')).toThrow(
      `${found}; allowed is a function such as (error) => log(error)`,
    );
  });

  it('takes any function', () => {
    expect(() => requireFunction('onError', () => {}, '(error) => log(error)')).not.toThrow();
  });
});

describe('checkedName', () => {
  it.each([undefined, 'cdn', 'x'.repeat(100)])('takes %j', (name) => {
    expect(checkedName(name)).toBe(name);
  });

  it.each(['', '  ', 'x'.repeat(101), 5, null, {}])('refuses %j with what is allowed', (name) => {
    expect(() => checkedName(name)).toThrow(TypeError);
    expect(() => checkedName(name)).toThrow(/^name is .*; allowed is a text of 1 to 100 characters$/);
  });
});

describe('numbers', () => {
  it.each([
    [0, '0'],
    [101, '101'],
    [1.5, '1.5'],
    [Number.NaN, 'NaN'],
    ['7', 'of type string'],
    [null, 'null'],
  ])('%j is not a whole number of the range', (given, found) => {
    const attempt = (): number => checkedNumber('maxQueued', given as number, 1, 100, 'events');
    expect(attempt).toThrow(new RangeError(`maxQueued is ${found}; allowed is a whole number from 1 to 100 events`));
  });

  it('takes both ends of the range', () => {
    expect([checkedNumber('n', 1, 1, 100), checkedNumber('n', 100, 1, 100)]).toEqual([1, 100]);
  });

  it('a document of at most 4 MB is taken where nothing else is said', () => {
    expect(checkedMaxBytes(undefined, 16_777_216)).toBe(4_194_304);
    expect(() => checkedMaxBytes(0, 10)).toThrow('maxBytes is 0; allowed is a whole number from 1 to 10');
  });

  it('a duration may have a fraction and be as long as a timer runs', () => {
    expect([checkedDuration('ms', 0.5, 0), checkedDuration('ms', 2 ** 31 - 1, 0)]).toEqual([0.5, 2 ** 31 - 1]);
    expect(() => checkedDuration('timeoutMs', 2 ** 31, 1)).toThrow(
      new RangeError('timeoutMs is 2147483648; allowed is a duration from 1 to 2147483647 ms'),
    );
    expect(() => checkedDuration('timeoutMs', '5s' as never, 1, 10)).toThrow(
      new RangeError('timeoutMs is of type string; allowed is a duration from 1 to 10 ms'),
    );
    expect(() => checkedDuration('timeoutMs', Number.NaN, 1)).toThrow('timeoutMs is NaN;');
  });
});

describe('switches and choices', () => {
  it('a switch is off where it is left out', () => {
    expect([checkedSwitch('secure', undefined), checkedSwitch('secure', true)]).toEqual([false, true]);
    expect(() => checkedSwitch('secure', 'false' as never)).toThrow(
      new TypeError('secure is of type string; allowed is true or false'),
    );
  });

  it('a choice is one of its words, and what was given is shown', () => {
    expect(checkedChoice('tier', 'advanced', ['standard', 'advanced'])).toBe('advanced');
    expect(() => checkedChoice('tier', 'advnced', ['standard', 'advanced'])).toThrow(
      new TypeError('tier is "advnced"; allowed is one of "standard", "advanced"'),
    );
    expect(() => checkedChoice('tier', undefined, ['standard', 'advanced'])).toThrow('tier is missing;');
  });

  it.each([
    ['x'.repeat(41), `"${'x'.repeat(40)}…"`],
    [12n, '12'],
    [false, 'false'],
    [[1], 'an array'],
    [Symbol('s'), 'of type symbol'],
  ])('%o is shown as %s', (given, shown) => {
    expect(showOption(given)).toBe(shown);
  });
});
