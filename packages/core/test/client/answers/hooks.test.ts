import { describe, expect, it } from 'vitest';
import type { Exposure } from '../../../src/client/answers/exposures.ts';
import type { Hook } from '../../../src/ports/hook.ts';
import { client } from '../ready-client.ts';

describe('hooks', () => {
  function recorder(name: string, told: string[]): Hook {
    return {
      before: ({ flagKey }) => void told.push(`${name} before ${flagKey}`),
      after: (_asked, { value }) => void told.push(`${name} after ${String(value)}`),
      error: (_asked, { errorCode }) => void told.push(`${name} error ${errorCode}`),
      finally: () => void told.push(`${name} finally`),
    };
  }

  it('may ask about flags in each of their stages, which is answered without hooks', async () => {
    const asked: string[] = [];
    const ask = ({ flagKey }: { readonly flagKey: string }): void => {
      asked.push(flagKey);
      expect(flags.isEnabled('a', { userId: 'u2' })).toBe(true);
    };
    const both = { before: ask, after: ask, error: ask, finally: ask };
    const exposed: Exposure[] = [];
    const flags = await client({ hooks: [both, both], exposures: { sink: (batch) => void exposed.push(...batch) } });
    expect(flags.isEnabled('shown', { userId: 'u1' })).toBe(true);
    expect(asked).toEqual(Array.from({ length: 6 }, () => 'shown'));
    expect(flags.value('nothing', {}, 'x')).toBe('x');
    expect(asked).toHaveLength(12);
    expect(flags.health().isolated_errors).toBe(0);
    await flags.close();
    expect(exposed.map(({ flagKey, unit }) => `${flagKey} ${unit}`).toSorted()).toEqual(['a u2', 'shown u1']);
  });

  it('may answer `before` with null, which is no context', async () => {
    const flags = await client({ hooks: [{ before: () => null as never }] });
    expect(flags.isEnabled('a', { userId: 'u1' })).toBe(true);
    expect(flags.health().isolated_errors).toBe(0);
  });

  it('stand around each evaluation: before in order, the rest in reverse', async () => {
    const told: string[] = [];
    const flags = await client({ hooks: [recorder('1', told)] });
    const leave = flags.addHook(recorder('2', told));
    expect(flags.isEnabled('shown')).toBe(true);
    expect(told).toEqual([
      '1 before shown',
      '2 before shown',
      '2 after true',
      '1 after true',
      '2 finally',
      '1 finally',
    ]);
    told.length = 0;
    leave();
    leave();
    flags.value('nothing', {}, 'x');
    expect(told).toEqual(['1 before nothing', '1 error FLAG_NOT_FOUND', '1 finally']);
  });

  it('leave one at a time when one is added twice, however often it is taken away', async () => {
    const told: string[] = [];
    const twice: Hook = { finally: () => void told.push('twice') };
    const flags = await client();
    const [leave, leaveToo] = [flags.addHook(twice), flags.addHook(twice)];
    leave();
    leave();
    flags.isEnabled('shown');
    expect(told).toEqual(['twice']);
    leaveToo();
    flags.isEnabled('shown');
    expect(told).toEqual(['twice']);
  });

  it('are told what was asked, and may add to the context', async () => {
    const contexts: unknown[] = [];
    const flags = await client({
      hooks: [
        { before: () => ({ userId: 'u1' }) },
        {
          before: ({ context, flagValueType, defaultValue }) =>
            void contexts.push({ context, flagValueType, defaultValue }),
        },
      ],
    });
    expect(flags.isEnabled('a', { country: 'CH' })).toBe(true);
    expect(contexts).toEqual([
      { context: { country: 'CH', userId: 'u1' }, flagValueType: 'boolean', defaultValue: false },
    ]);
  });

  it('leave a context of a class as it is when they add to it: its getters are attributes, and read when they are asked for', async () => {
    class Person {
      readonly #name = 'u1';
      readonly plan = 'free';
      get userId(): string {
        return this.#name;
      }
      get country(): never {
        throw new Error('nobody asks for it');
      }
    }
    class Member extends Person {
      get age(): number {
        return 7;
      }
    }
    const seen: unknown[] = [];
    const flags = await client({
      hooks: [
        { before: () => ({ region: 'eu' }) },
        { before: () => ({ age: 8 }) },
        { before: ({ context: { userId, plan, region, age } }) => void seen.push({ userId, plan, region, age }) },
      ],
    });
    expect(flags.isEnabled('a', new Member())).toBe(true);
    expect(seen).toEqual([{ userId: 'u1', plan: 'free', region: 'eu', age: 8 }]);
    expect(flags.health().isolated_errors).toBe(0);
  });

  it('add to a context from outside whose member `__proto__` stays a member', async () => {
    const flags = await client({ hooks: [{ before: () => ({ region: 'eu' }) }] });
    expect(flags.isEnabled('a', JSON.parse('{"__proto__":{"userId":"u1"}}') as object)).toBe(false);
  });

  it('F45 stop nothing when they throw, in any stage, and are counted', async () => {
    const broken = (): never => {
      throw new Error('broken');
    };
    const flags = await client({ hooks: [{ before: broken, after: broken, error: broken, finally: broken }] });
    expect(flags.isEnabled('shown')).toBe(true);
    expect(flags.isEnabled('nothing', {}, true)).toBe(true);
    expect(flags.health().isolated_errors).toBe(6);
  });

  it('stand around questions to a pinned view, too, and around contexts that are not objects', async () => {
    const told: string[] = [];
    const flags = await client({ hooks: [recorder('1', told)] });
    flags.forContext({ userId: 'u1' }).isEnabled('a');
    expect(told).toContain('1 after true');
    expect(flags.isEnabled('shown', null as never)).toBe(true);
  });
});
