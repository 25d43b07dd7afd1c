import { transform } from 'esbuild';
import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import { featureFlag, whenEnabled } from '../../../src/client/typed/guard.ts';
import type { FlagEvaluations } from '../../../src/client/answers/flag-evaluations.ts';
import type { FlagClient } from '../../../src/client/flag-client.ts';
import { setFlagClient } from '../../../src/client/process-wide.ts';

/** Users who are named have the feature. */
const flags = {
  isEnabled: (key: string, context?: { readonly userId?: string | number | undefined }) =>
    key === 'feature' && context?.userId === 'u1',
} as FlagEvaluations;

const context = (userId: string) => ({ userId });

afterEach(() => setFlagClient(undefined));

describe('a guarded function', () => {
  it('refuses what is no function when it is made, and not once its flag is turned on', () => {
    expect(() => whenEnabled('new_checkout', undefined as never)).toThrow(
      new TypeError(
        'the second argument of whenEnabled("new_checkout") is missing; allowed is the function behind the flag',
      ),
    );
  });

  it('runs while the flag is on, and its fallback answers while it is off', () => {
    const greet = whenEnabled('feature', (user: string) => `new ${user}`, {
      flags,
      context,
      fallback: (user) => `old ${user}`,
    });
    expect(greet('u1')).toBe('new u1');
    expect(greet('u2')).toBe('old u2');
    const count = whenEnabled('feature', (_user: string) => 1, { flags, context, fallback: 0 });
    expect([count('u1'), count('u2')]).toEqual([1, 0]);
    expect(whenEnabled('feature', (_user: string) => 1, { flags, context })('u2')).toBeUndefined();
  });

  it('asks the client of the process when none is given', () => {
    const run = whenEnabled('feature', () => 'new', { fallback: 'old', context: () => ({ userId: 'u1' }) });
    expect(run()).toBe('old');
    setFlagClient(flags as FlagClient);
    expect(run()).toBe('new');
  });

  it('counts as off while there is nobody to ask', () => {
    const run = whenEnabled('feature', () => 'new', {
      fallback: 'old',
      flags: () => {
        throw new Error('not there yet');
      },
    });
    expect(run()).toBe('old');
  });

  it('passes promises through, and a context that throws counts as none', async () => {
    const run = whenEnabled('feature', async (user: string) => `new ${user}`, {
      flags,
      context,
      fallback: async () => 'old',
    });
    expect([await run('u1'), await run('u2')]).toEqual(['new u1', 'old']);
    const broken = whenEnabled('feature', () => 'new', {
      flags,
      fallback: 'old',
      context: () => {
        throw new Error('broken');
      },
    });
    expect(broken()).toBe('old');
  });
});

const SOURCE = `
  export class Checkout {
    prefix = 'the';
    @featureFlag('feature', { flags, context, fallback(user) { return this.prefix + ' old ' + user; } })
    open(user) { return this.prefix + ' new ' + user; }
    @featureFlag('feature', { flags, context, fallback: 'closed' })
    static close(user) { return 'new ' + user; }
  }
`;

/** The class as a compiler of that standard makes it. */
async function compiled(
  experimentalDecorators: boolean,
): Promise<{ new (): { open(user: string): string }; close(user: string): string }> {
  const { code } = await transform(SOURCE, {
    loader: 'ts',
    target: 'es2022',
    tsconfigRaw: { compilerOptions: { experimentalDecorators } },
  });
  const body = `${code.replace(/export \{[^}]*\};?/, '').replace(/export class/, 'class')}\nreturn Checkout;`;
  // oxlint-disable-next-line typescript/no-implied-eval -- the text is this file's own, made by the compiler under test
  return new Function('featureFlag', 'flags', 'context', body)(featureFlag, flags, context);
}

describe.each([
  ['TC39', false],
  ['experimental', true],
])('the decorator under the %s standard', (_name, experimental) => {
  it('guards methods, static ones too, with this and arguments', async () => {
    const Checkout = await compiled(experimental);
    const checkout = new Checkout();
    expect(checkout.open('u1')).toBe('the new u1');
    expect(checkout.open('u2')).toBe('the old u2');
    expect(Checkout.close('u1')).toBe('new u1');
    expect(Checkout.close('u2')).toBe('closed');
  });
});

describe('the decorator', () => {
  it('has the type of its method, and none where the fallback or the arguments do not fit', () => {
    const kind = { kind: 'method' } as const;
    const length = (user: string): number => user.length;
    // What a decorator returns must be assignable to its method; the compiler says so where it is not.
    expectTypeOf(featureFlag('feature')(length, kind)).toExtend<typeof length>();
    expectTypeOf(featureFlag('feature', { fallback: 0, context })(length, kind)).toExtend<typeof length>();
    expectTypeOf(featureFlag('feature', { fallback: () => 0 })(length, kind)).toExtend<typeof length>();
    expectTypeOf(featureFlag('feature', { fallback: null })(length, kind)).not.toExtend<typeof length>();
    expectTypeOf(
      featureFlag('feature', { context: (user: { id: string }) => ({ userId: user.id }) })(length, kind),
    ).not.toExtend<typeof length>();
    // Null is one of the things that this method gives.
    const found = (user: string): number | null => (user === 'u1' ? 1 : null);
    expectTypeOf(featureFlag('feature', { fallback: null })(found, kind)).toExtend<typeof found>();
  });

  it('refuses what is not a method, by name', () => {
    const guard = featureFlag('feature') as unknown as (...args: unknown[]) => unknown;
    expect(() => guard(Date, { kind: 'class' })).toThrow(
      'what @featureFlag("feature") stands on is a class; allowed is a method',
    );
    expect(() => guard({}, 'name', { value: 1 })).toThrow(/allowed is a method/);
  });
});
