import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { defineFlags, flag, type ValueOf } from '../../../src/client/typed/define-flags.ts';
import type { StandardSchema } from '../../../src/client/typed/standard-schema.ts';
import { createFlagClient } from '../../../src/client/create-flag-client.ts';
import { scriptedSource } from '../../support/scripted-source.ts';

interface Limits {
  readonly perMinute: number;
}

const validate = vi.fn((value: unknown) =>
  typeof (value as Limits).perMinute === 'number'
    ? { value: { perMinute: (value as Limits).perMinute } }
    : { issues: [{ message: 'perMinute is no number' }] },
);
const limits: StandardSchema<Limits> = { '~standard': { version: 1, vendor: 'test', validate } };

const registry = defineFlags({
  new_checkout: flag.boolean(),
  kept_on: flag.boolean(true),
  page_size: flag.number(20),
  greeting: flag.string('hello'),
  theme: flag.oneOf(['light', 'dark'], 'light'),
  limits: flag.object(limits, { perMinute: 60 }),
});

function document(flags: object): string {
  return JSON.stringify({ schemaVersion: 1, flags });
}

const variant = (type: string, value: unknown): object => ({ type, variants: { v: value }, fallthrough: 'v' });

async function typed(flags: object) {
  const source = scriptedSource({ kind: 'holds', revision: { epoch: 1, version: 1 }, text: document(flags) });
  const client = createFlagClient({ source, allowEmpty: true, variables: false, logLevel: 'silent' });
  await client.ready();
  await client.close();
  return registry.of(client);
}

describe('defined flags', () => {
  it('have the values of the document', async () => {
    const flags = await typed({
      new_checkout: { status: 'enabled' },
      page_size: variant('number', 50),
      greeting: variant('string', 'grüezi'),
      theme: variant('string', 'dark'),
      limits: variant('object', { perMinute: 5 }),
    });
    expect(flags.isEnabled('new_checkout')).toBe(true);
    expect(flags.value('page_size', { userId: 'u1' })).toBe(50);
    expect(flags.value('greeting')).toBe('grüezi');
    expect(flags.value('theme')).toBe('dark');
    expect(flags.value('limits')).toEqual({ perMinute: 5 });
    expect(flags.details('theme')).toMatchObject({ value: 'dark', variant: 'v', reason: 'STATIC', freshness: 'fresh' });
  });

  it('have their own fallbacks when they are unknown, of another type, or refused by their schema', async () => {
    const flags = await typed({
      page_size: variant('string', 'many'),
      theme: variant('string', 'purple'),
      limits: variant('object', { perMinute: 'many' }),
    });
    expect(flags.isEnabled('new_checkout')).toBe(false);
    expect(flags.isEnabled('kept_on')).toBe(true);
    expect(flags.value('page_size')).toBe(20);
    expect(flags.value('theme')).toBe('light');
    expect(flags.value('limits')).toEqual({ perMinute: 60 });
    expect(flags.details('theme')).toMatchObject({ value: 'light', reason: 'ERROR', errorCode: 'TYPE_MISMATCH' });
    expect(flags.details('limits').errorMessage).toBe('perMinute is no number');
  });

  it('are validated once for each value', async () => {
    const flags = await typed({ limits: variant('object', { perMinute: 7 }) });
    validate.mockClear();
    for (let i = 0; i < 10; i++) flags.value('limits');
    expect(validate).toHaveBeenCalledTimes(1);
  });

  it('bring a check for each boolean', async () => {
    const flags = await typed({ new_checkout: { status: 'beta', betaUsers: ['u1'] } });
    expect(Object.keys(flags.checks)).toEqual(['new_checkout', 'kept_on']);
    expect(flags.checks.new_checkout({ userId: 'u1' })).toBe(true);
    expect(flags.checks.new_checkout({ userId: 'u2' })).toBe(false);
  });

  it('take no asynchronous schema, and none that throws, for a value', async () => {
    const late: StandardSchema<Limits> = {
      '~standard': { version: 1, vendor: 'test', validate: () => Promise.reject(new Error('late')) },
    };
    const broken: StandardSchema<Limits> = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: () => {
          throw new Error('broken');
        },
      },
    };
    for (const schema of [late, broken]) {
      const spec = flag.object(schema, { perMinute: 1 });
      expect(spec.accept({ perMinute: 2 }).ok).toBe(false);
    }
  });

  it('never throw at code without types that asks about another', async () => {
    const flags = await typed({ other: { status: 'enabled' } });
    for (const key of ['toString', '__proto__', 'other']) {
      expect(flags.isEnabled(key as never)).toBe(false);
      expect(flags.value(key as never)).toBeUndefined();
    }
    expect(flags.details('other' as never)).toMatchObject({ reason: 'ERROR', errorCode: 'TYPE_MISMATCH' });
  });

  it('have their fallbacks while there is nobody to ask', () => {
    const flags = defineFlags({ on: flag.boolean(true), limit: flag.number(5) }).of(() => {
      throw new Error('not there yet');
    });
    expect([flags.isEnabled('on'), flags.checks.on(), flags.value('limit')]).toEqual([true, true, 5]);
    expect(flags.details('limit')).toMatchObject({ value: 5, errorCode: 'PROVIDER_NOT_READY', freshness: 'never' });
  });
});

describe('types', () => {
  it('know keys, values and which flags are booleans', () => {
    type Typed = ReturnType<typeof registry.of>;
    type Value<Key extends keyof typeof registry.specs> = ValueOf<(typeof registry.specs)[Key]>;
    expectTypeOf<Value<'page_size'>>().toEqualTypeOf<number>();
    expectTypeOf<Value<'theme'>>().toEqualTypeOf<'light' | 'dark'>();
    expectTypeOf<Value<'limits'>>().toEqualTypeOf<Limits>();
    expectTypeOf<Parameters<Typed['isEnabled']>[0]>().toEqualTypeOf<'new_checkout' | 'kept_on'>();
    expectTypeOf<keyof Typed['checks']>().toEqualTypeOf<'new_checkout' | 'kept_on'>();
    expectTypeOf<Parameters<Typed['value']>[0]>().toEqualTypeOf<
      'new_checkout' | 'kept_on' | 'page_size' | 'greeting' | 'theme' | 'limits'
    >();
    const size = (flags: Typed): number => flags.value('page_size');
    // @ts-expect-error a key that is not defined
    const misspelled = (flags: Typed): boolean => flags.isEnabled('new_chekout');
    // @ts-expect-error a flag that is no boolean
    const noBoolean = (flags: Typed): boolean => flags.isEnabled('theme');
    expect([size, misspelled, noBoolean]).toHaveLength(3);
  });
});
