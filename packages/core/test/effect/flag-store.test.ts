import { assert, describe, it } from '@effect/vitest';
import * as Effect from 'effect/Effect';
import { FlagStore, makeFlags } from '../../src/effect.ts';
import { holds, scriptedSource } from '../support/scripted-source.ts';
import { settle } from '../support/test-driver.ts';

describe('the FlagStore service', () => {
  it.effect('is closed with its scope, and not by the clients that use it', () =>
    Effect.gen(function* () {
      const source = scriptedSource(holds(1));
      yield* Effect.provide(
        Effect.gen(function* () {
          const store = yield* FlagStore;
          yield* Effect.scoped(makeFlags({ source: store.source, variables: false }));
          assert.strictEqual(source.closed, 0);
          const { flags } = yield* makeFlags({ source: store.source, variables: false });
          yield* settle;
          assert.isTrue(flags.isEnabled('a'));
        }).pipe(Effect.scoped),
        FlagStore.layer(() => ({ source, close: () => source.close() })),
      );
      assert.strictEqual(source.closed, 1);
    }),
  );

  it.effect('says what is thrown at its options as a typed error', () =>
    Effect.gen(function* () {
      const open = (): never => {
        throw new RangeError('maxBytes is -1; a whole number from 1 is allowed');
      };
      const invalid = yield* Effect.flip(Effect.provide(FlagStore, FlagStore.layer(open)));
      assert.deepInclude(invalid, { _tag: 'InvalidFlagOptions', problems: [invalid.message] });
      assert.match(invalid.message, /maxBytes is -1/);
    }),
  );
});
