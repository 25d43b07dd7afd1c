import { ssmPublisher, type SsmPublisherOptions, ssmSource, type SsmSourceOptions, ssmStore } from '@clarity/flags-ssm';
import { describe, expect, it } from 'vitest';

const bad = (change: Record<string, unknown>): unknown => ({
  layout: 'chunked',
  path: '/shop/flags',
  region: 'us-east-1',
  ...change,
});

describe('options of the source', () => {
  it.each([
    [{ path: 'flags' }, TypeError, /path is "flags"/],
    [{ path: '/shop//flags' }, TypeError, /path is/],
    [{ path: '/shop/flags/' }, TypeError, /path is/],
    [{ path: '/shop/flags:3' }, TypeError, /letters, digits/],
    [{ path: '/a'.repeat(14) }, TypeError, /up to 13 levels/],
    [{ path: 7 }, TypeError, /of type number/],
    [{ layout: 'whole' }, TypeError, /layout is "whole"; allowed is one of "single", "chunked", "per-flag"/],
    [{ version: 1, label: 'stable' }, TypeError, /version and label are both given/],
    [{ version: 0 }, RangeError, /version is 0/],
    [{ version: 1.5 }, RangeError, /version is 1.5/],
    [{ label: '1st' }, TypeError, /label is "1st"/],
    [{ label: 'aws-stable' }, TypeError, /label is/],
    [{ maxBytes: 0 }, RangeError, /maxBytes is 0; allowed is a whole number from 1 to 16777216/],
    [{ maxBytes: Number.NaN }, RangeError, /maxBytes is NaN/],
    [{ endpoint: 'nonsense' }, TypeError, /endpoint is not an address/],
    [{ endpoint: 'https://u:hunter2@host' }, TypeError, /endpoint is not an address/],
    [{ endpoint: 5 }, TypeError, /endpoint is not an address/],
    [{ region: '' }, TypeError, /region is empty; allowed is an AWS region/],
    [{ region: 5 }, TypeError, /region is of type number/],
    [{ credentials: {} }, TypeError, /credentials is of type object; allowed is { accessKeyId/],
    [{ credentials: 'hunter2' }, TypeError, /credentials is of type string/],
    [{ credentials: null }, TypeError, /credentials is null/],
    [{ client: {} }, TypeError, /client is of type object; allowed is an SSMClient/],
    [{ client: null }, TypeError, /client is null/],
    [{ layout: 'per-flag', recursive: 'no' }, TypeError, /recursive is of type string; allowed is true or false/],
    [{ layout: 'per-flag', minIntervalMs: -1 }, RangeError, /minIntervalMs is -1/],
    [{ layout: 'per-flag', minIntervalMs: 2 ** 31 }, RangeError, /minIntervalMs/],
  ])('%o is refused with what is allowed', (change, type, message) => {
    const make = (): unknown => ssmSource(bad(change) as SsmSourceOptions);
    expect(make).toThrow(type);
    expect(make).toThrow(message);
    expect(make).not.toThrow(/hunter2/);
  });

  it('a single parameter may have a name without slashes, a path may not', () => {
    expect(ssmSource({ layout: 'single', path: 'flags', region: 'us-east-1' }).name).toBe('ssm:flags');
    expect(() => ssmSource({ layout: 'per-flag', path: 'flags' })).toThrow(/path is "flags"/);
  });

  it('a long path is shortened in the name', () => {
    const { name } = ssmSource({ layout: 'single', path: `/${'x'.repeat(300)}`, region: 'us-east-1' });
    expect(name.length).toBeLessThanOrEqual(100);
  });
});

describe('options of the publisher', () => {
  it.each([
    [{ layout: 'per-flag' }, TypeError, /layout is "per-flag"; allowed is one of "single", "chunked"$/],
    [{ tier: 'premium' }, TypeError, /tier is "premium"; allowed is one of "standard", "advanced"/],
    [{ keepChunksMs: -1 }, RangeError, /keepChunksMs is -1/],
    [{ allowEmpty: 'false' }, TypeError, /allowEmpty is of type string/],
    [{ secure: 'false' }, TypeError, /secure is of type string; allowed is true, false, or/],
    [{ secure: null }, TypeError, /secure is null; allowed is/],
    [{ secure: { keyId: 7 } }, TypeError, /secure is an object without keyId; allowed is/],
    [{ onGarbageError: 'log' }, TypeError, /onGarbageError is of type string/],
  ])('%o is refused with what is allowed', (change, type, message) => {
    const make = (): unknown => ssmPublisher(bad(change) as SsmPublisherOptions);
    expect(make).toThrow(type);
    expect(make).toThrow(message);
  });
});

describe.each(Object.entries({ ssmSource, ssmPublisher, ssmStore }))('%s', (_name, make) => {
  it.each([undefined, null, '/shop/flags'])('called with %j says what to give', (options) => {
    const attempt = (): unknown => make(options as never);
    expect(attempt).toThrow(TypeError);
    expect(attempt).toThrow(
      /^options of an SSM store are .*; allowed is { layout: 'chunked', path: '\/shop\/flags' }$/,
    );
  });

  it.each([5, '', 'x'.repeat(101)])('refuses the name %j with what is allowed', (name) => {
    expect(() => make(bad({ name }) as never)).toThrow(/^name is .*; allowed is a text of 1 to 100 characters$/);
  });
});
