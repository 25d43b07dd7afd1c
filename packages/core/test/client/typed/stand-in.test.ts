import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { featureFlag, whenEnabled } from '../../../src/client/typed/guard.ts';
import type { FlagEvaluations } from '../../../src/client/answers/flag-evaluations.ts';

const on = { flags: { isEnabled: () => true } as unknown as FlagEvaluations };
const off = { flags: { isEnabled: () => false } as unknown as FlagEvaluations };

type Carrying = Record<PropertyKey, unknown>;

describe('F64 a guarded function is taken for the function that it stands for', () => {
  it('by name and length, which Express goes by', () => {
    const handleError = (_error: unknown, _request: unknown, _response: unknown, _next: unknown): string => 'handled';
    const guarded = whenEnabled('feature', handleError, on);
    expect([guarded.name, guarded.length]).toEqual(['handleError', 4]);
    const given = Object.defineProperty(() => {}, 'name', { value: 'given later' });
    expect(whenEnabled('feature', given, on).name).toBe('given later');
  });

  it('by its own properties, symbols and those that are not listed too', () => {
    const skip = Symbol.for('skip-override');
    const plugin = Object.defineProperty(
      Object.assign(() => 'result', { [skip]: true, displayName: 'Plugin' }),
      'secret',
      {
        get: () => 'hidden',
        enumerable: false,
        configurable: false,
      },
    );
    const guarded = whenEnabled('feature', plugin, on) as unknown as Carrying;
    expect(Reflect.ownKeys(guarded)).toEqual(Reflect.ownKeys(plugin));
    expect(Object.getOwnPropertyDescriptors(guarded)).toEqual(Object.getOwnPropertyDescriptors(plugin));
    expect([guarded[skip], guarded['displayName'], guarded['secret']]).toEqual([true, 'Plugin', 'hidden']);
  });

  it('by what it is given later; what the guarded one is given stays with that', () => {
    const shared = (() => 'result') as (() => string) & Carrying;
    const guarded = whenEnabled('feature', shared, on) as unknown as Carrying;
    shared['later'] = 'given';
    guarded['own'] = 'of the guarded one';
    expect([guarded['later'], guarded['own'], shared['own']]).toEqual(['given', 'of the guarded one', undefined]);
  });

  it('by its kind: asynchronous, frozen, or with a prototype', () => {
    expect(whenEnabled('feature', async () => {}, on).constructor.name).toBe('AsyncFunction');
    expect(
      whenEnabled(
        'feature',
        Object.freeze((one: number) => one),
        on,
      ).length,
    ).toBe(1);
    function Old(): void {}
    expect(new (Old as unknown as new () => object)()).toBeInstanceOf(whenEnabled('feature', Old, on));
    expect(
      Object.hasOwn(
        whenEnabled('feature', () => {}, on),
        'prototype',
      ),
    ).toBe(false);
  });
});

describe('F64 nothing leads past the guard', () => {
  it('a property that is the function itself is the guarded one', () => {
    const plugin = Object.assign(() => 'new', { default: undefined as unknown });
    plugin.default = plugin;
    const guarded = whenEnabled('feature', plugin, { ...off, fallback: 'old' }) as unknown as { default(): string };
    expect(guarded.default).toBe(guarded);
    expect(guarded.default()).toBe('old');
  });

  it('an application that is a function shows no `handle`, which Express and connect call instead of it', () => {
    const app = Object.assign(() => 'new', { handle: () => 'new', set: () => {} });
    const guarded = whenEnabled('feature', app, { ...off, fallback: 'old' }) as unknown as Carrying;
    expect(guarded['handle']).toBeUndefined();
    const router = Object.setPrototypeOf(() => 'new', { handle: () => 'new' }) as () => string;
    expect((whenEnabled('feature', router, off) as unknown as Carrying)['handle']).toBeUndefined();
  });

  it("Node's promisify calls it, and no promise version of its own", async () => {
    const read = Object.assign((done: (error: null, text: string) => void) => done(null, 'new'), {
      [promisify.custom]: async () => 'new',
    });
    const guarded = whenEnabled('feature', read, { ...off, fallback: (done) => done(null, 'old') });
    expect(await promisify(guarded)()).toBe('old');
  });
});

const SOURCE = `
  export class Orders {
    @above @featureFlag('feature', on) @below
    list(page, size) { return 'listed'; }
  }
`;

describe.each([
  ['TC39', false],
  ['experimental', true],
])('F64 under the %s standard', (_name, experimentalDecorators) => {
  it('decorators above and below see one method', async () => {
    const { code } = await transform(SOURCE, {
      loader: 'ts',
      target: 'es2022',
      tsconfigRaw: { compilerOptions: { experimentalDecorators } },
    });
    const body = `${code.replace(/export \{[^}]*\};?/, '').replace(/export class/, 'class')}\nreturn Orders;`;
    const seen: string[] = [];
    const mark =
      (where: string) =>
      (...[subject, , descriptor]: [Carrying, unknown, PropertyDescriptor?]): void => {
        const method = (descriptor?.value ?? subject) as Carrying & ((...args: unknown[]) => unknown);
        seen.push(`${where}: ${method.name}/${method.length}`);
        method[where] = `marked ${where}`;
      };
    // oxlint-disable-next-line typescript/no-implied-eval -- the text is made by the compiler under test
    const Orders = new Function('featureFlag', 'on', 'above', 'below', body)(
      featureFlag,
      on,
      mark('above'),
      mark('below'),
    ) as { prototype: { list: Carrying & (() => string) } };
    const { list } = Orders.prototype;
    expect(seen).toEqual(['below: list/2', 'above: list/2']);
    expect([list['above'], list['below'], list()]).toEqual(['marked above', 'marked below', 'listed']);
  });
});
