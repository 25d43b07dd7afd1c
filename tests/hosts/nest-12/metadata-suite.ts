// Reflected metadata of a guarded function, in each version of reflect-metadata that is in use.
import { featureFlag, type FlagEvaluations, whenEnabled } from '@clarity/flags-core';
import { describe, expect, it } from 'vitest';

const flags = { isEnabled: () => true } as unknown as FlagEvaluations;
// oxlint-disable-next-line typescript/no-explicit-any -- both standards' decorators
type Decorator = (...args: any[]) => void;

/** As `Roles` of an application: what it says it says of the function, under either standard. */
const say =
  (key: unknown, value: unknown): Decorator =>
  (subject: object, _place: unknown, descriptor?: PropertyDescriptor) =>
    Reflect.defineMetadata(key, value, (descriptor?.value as object | undefined) ?? subject);

/**
 * What a compiler makes of `@above @featureFlag(…) @below list(page, size) {}`, by hand. Gives the method of the class,
 * and the one below.
 */
const standards: Record<string, (above: Decorator, below: Decorator) => { method: object; original: object }> = {
  TC39(above, below) {
    const original = function list(_page: number, _size: number): void {};
    const context = { kind: 'method', name: 'list' } as const;
    below(original, context);
    const method = featureFlag('beta', { flags })(original as never, context) as unknown as object;
    above(method, context);
    return { method, original };
  },
  experimental(above, below) {
    class Orders {
      list(_page: number, _size: number): void {}
    }
    const { prototype } = Orders;
    const original = prototype.list;
    const descriptor = Object.getOwnPropertyDescriptor(prototype, 'list')!;
    below(prototype, 'list', descriptor);
    const replaced = featureFlag('beta', { flags })(prototype, 'list', descriptor);
    above(prototype, 'list', replaced);
    Object.defineProperty(prototype, 'list', replaced);
    return { method: prototype.list, original };
  },
};

/**
 * To be called in the `describe` of a version. `shares` where functions can have one metadata: before 0.2 what comes to
 * the original later shows through its prototype alone.
 */
export function testMetadata(shares: boolean): void {
  describe.each(Object.keys(standards))('under the %s standard', (standard) => {
    const symbol = Symbol('of a framework');
    const decorated = standards[standard]!(say('above', 1), (...args) => {
      say('below', 2)(...args);
      say(symbol, { deep: true })(...args);
    });

    it('what was said on either side is said of the method', () => {
      const { method } = decorated;
      expect(new Set(Reflect.getOwnMetadataKeys(method))).toEqual(new Set(['above', 'below', symbol]));
      expect(new Set(Reflect.getMetadataKeys(method))).toEqual(new Set(['above', 'below', symbol]));
      expect(['above', 'below'].map((key) => Reflect.getOwnMetadata(key, method))).toEqual([1, 2]);
      expect(Reflect.getMetadata(symbol, method)).toBe(Reflect.getMetadata(symbol, decorated.original));
      expect([Reflect.hasMetadata('below', method), Reflect.hasOwnMetadata('below', method)]).toEqual([true, true]);
    });

    it('what is said later of the function below is found, too', () => {
      const { method, original } = decorated;
      Reflect.defineMetadata('later', 3, original);
      expect([Reflect.hasMetadata('later', method), Reflect.getMetadata('later', method)]).toEqual([true, 3]);
      expect(Reflect.getOwnMetadata('later', method)).toBe(shares ? 3 : undefined);
    });

    if (shares) {
      it('what is said, changed and deleted of one is so of the other', () => {
        const { method, original } = decorated;
        Reflect.defineMetadata('below', 'changed', original);
        expect(Reflect.getMetadata('below', method)).toBe('changed');
        expect(Reflect.getMetadata('above', original)).toBe(1);
        Reflect.defineMetadata('both', 4, method);
        expect(Reflect.getOwnMetadata('both', original)).toBe(4);
        expect(Reflect.deleteMetadata('both', method)).toBe(true);
        expect(Reflect.hasMetadata('both', original)).toBe(false);
      });
    }

    it('other functions have nothing of it', () => {
      const other = whenEnabled('beta', () => {}, { flags });
      expect(Reflect.getMetadataKeys(other)).toEqual([]);
      expect(Reflect.getMetadataKeys(() => {})).toEqual([]);
    });
  });

  it('guards upon guards keep what is said of the innermost', () => {
    const original = (): void => {};
    Reflect.defineMetadata('roles', ['admin'], original);
    const guarded = whenEnabled('a', whenEnabled('b', original, { flags }), { flags });
    expect(Reflect.getOwnMetadata('roles', guarded)).toEqual(['admin']);
  });
}
