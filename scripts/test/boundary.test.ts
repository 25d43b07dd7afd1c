import { describe, expect, it } from 'vitest';
import { unsafeEffects } from '../boundary/unsafe-effects.mjs';

const EFFECT = "import * as Effect from 'effect/Effect';\n";
const names = (text: string) => unsafeEffects('file.ts', text).map(({ name }) => name);

describe('steps out of Effect', () => {
  it('are what its modules call unsafe, whoever offers it', () => {
    expect(unsafeEffects('file.ts', 'const a = 1;\nQueue.offerUnsafe(queue, a);')).toEqual([
      { line: 2, name: 'offerUnsafe' },
    ]);
    expect(names('fiber.interruptUnsafe(); clock?.currentTimeMillisUnsafe();')).toEqual([
      'interruptUnsafe',
      'currentTimeMillisUnsafe',
    ]);
    expect(names("Queue['endUnsafe'](queue);")).toEqual(['endUnsafe']);
    expect(names("import { getUnsafe } from 'effect/Ref';")).toEqual(['getUnsafe']);
    expect(names('const { offerUnsafe: offer } = Queue;')).toEqual(['offerUnsafe']);
  });

  it('are what runs an effect, by whatever name the module Effect goes', () => {
    expect(names(`${EFFECT}Effect.runSync(one); pipe(two, Effect.runForkWith(context));`)).toEqual([
      'runSync',
      'runForkWith',
    ]);
    expect(names("import { Effect as E } from 'effect';\nE.runPromise(one);")).toEqual(['runPromise']);
    expect(names("import { runFork } from 'effect/Effect';")).toEqual(['runFork']);
    expect(names(`${EFFECT}const { runPromise } = Effect;`)).toEqual(['runPromise']);
    expect(names("import * as ManagedRuntime from 'effect/ManagedRuntime';")).toEqual(['ManagedRuntime']);
    expect(names("import { ManagedRuntime } from 'effect';")).toEqual(['ManagedRuntime']);
  });

  it('are not effects that run others, nor what is said in comments, texts and types', () => {
    expect(names(`${EFFECT}Stream.runDrain(stream); driver.runDriver(); Effect.run;`)).toEqual([]);
    expect(names(`${EFFECT}// Effect.runSync(one), Queue.offerUnsafe\nconst a = 'Effect.runSync';`)).toEqual([]);
    expect(names("import type * as ManagedRuntime from 'effect/ManagedRuntime';")).toEqual([]);
    expect(names('const clock: Pick<Clock, "currentTimeMillisUnsafe"> = given;')).toEqual([]);
  });
});
