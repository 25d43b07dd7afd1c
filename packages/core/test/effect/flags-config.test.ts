import { assert, describe, it } from '@effect/vitest';
import * as Config from 'effect/Config';
import * as ConfigProvider from 'effect/ConfigProvider';
import * as Effect from 'effect/Effect';
import * as Layer from 'effect/Layer';
import * as Redacted from 'effect/Redacted';
import { Flags, flagsFromConfig, FlagsConfig, FlagStore } from '../../src/effect.ts';
import { holds, scriptedSource } from '../support/scripted-source.ts';
import { settle } from '../support/test-driver.ts';

const configured = (variables: object) =>
  Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(variables));

const memory = FlagStore.layer(() => {
  const source = scriptedSource(holds(1));
  return { source, close: () => source.close() };
});

describe('FlagsConfig', () => {
  it.effect('gives the variables that are set, and a client takes them', () =>
    Effect.gen(function* () {
      const variables = {
        ENVIRONMENT: 'production',
        FEATURE_FLAG_REFRESH_MODE: 'periodic',
        FEATURE_FLAG_REFRESH_INTERVAL: '20',
        FEATURE_FLAG_LOG_LEVEL: 'silent',
        UNRELATED: 'x',
      };
      const { UNRELATED: _, ...ours } = variables;
      assert.deepStrictEqual(yield* configured(variables)(FlagsConfig), ours);
      const health = yield* Effect.gen(function* () {
        const { client } = yield* Flags;
        yield* settle;
        return client.health();
      }).pipe(Effect.provide(flagsFromConfig().pipe(Layer.provide(memory))), configured(variables));
      assert.deepInclude(health, { refresh_mode: 'periodic' });
    }),
  );

  it.effect('stands below options in code', () =>
    Effect.gen(function* () {
      const health = yield* Effect.map(Flags, ({ client }) => client.health()).pipe(
        Effect.provide(flagsFromConfig({ refreshMode: 'none', logLevel: 'silent' }).pipe(Layer.provide(memory))),
        configured({ FEATURE_FLAG_REFRESH_MODE: 'periodic' }),
      );
      assert.strictEqual(health.refresh_mode, 'none');
    }),
  );

  it.effect('fails a layer with a sentence for each bad value, which names variable, value and what is allowed', () =>
    Effect.gen(function* () {
      const invalid = yield* Effect.flip(
        Flags.pipe(
          Effect.provide(flagsFromConfig().pipe(Layer.provide(memory))),
          configured({ FEATURE_FLAG_REFRESH_INTERVAL: 'soon', FEATURE_FLAG_REFRESH_MODE: 'often' }),
        ),
      );
      assert.strictEqual(invalid._tag, 'InvalidFlagOptions');
      assert.match(invalid.message, /FEATURE_FLAG_REFRESH_INTERVAL is "soon"; allowed is a number of seconds/);
      assert.match(invalid.message, /FEATURE_FLAG_REFRESH_MODE is "often"; allowed is one of periodic, pubsub/);
    }),
  );

  it.effect('fails where the provider cannot be read, without what it said', () =>
    Effect.gen(function* () {
      const broken = ConfigProvider.make(() =>
        Effect.fail(new ConfigProvider.SourceError({ message: 'redis://user:secret@host refused' })),
      );
      const invalid = yield* Effect.flip(
        Flags.pipe(
          Effect.provide(flagsFromConfig().pipe(Layer.provide(memory))),
          Effect.provideService(ConfigProvider.ConfigProvider, broken),
        ),
      );
      assert.deepStrictEqual(invalid.problems, ['the configuration provider could not be read']);
    }),
  );
});

describe('a store from Config', () => {
  const store = FlagStore.layerConfig(
    { url: Config.Redacted('STORE_URL'), port: Config.Port('STORE_PORT') },
    ({ url, port }) => {
      const source = scriptedSource(holds(1), `${new URL(Redacted.value(url)).hostname}:${port}`);
      return { source, close: () => source.close() };
    },
  );
  const name = Effect.map(FlagStore, ({ source }) => ('name' in source ? source.name : ''));

  it.effect('is opened with what is configured', () =>
    Effect.gen(function* () {
      const found = yield* name.pipe(
        Effect.provide(store),
        configured({ STORE_URL: 'redis://user:secret@host', STORE_PORT: '6379' }),
      );
      assert.strictEqual(found, 'host:6379');
    }),
  );

  it.effect('fails by name when something is missing, and without its value when it is bad', () =>
    Effect.gen(function* () {
      const missing = yield* Effect.flip(name.pipe(Effect.provide(store), configured({ STORE_PORT: '6379' })));
      assert.deepStrictEqual(missing.problems, ['STORE_URL: found nothing, it is not set; allowed is text']);
      const bad = yield* Effect.flip(
        name.pipe(Effect.provide(store), configured({ STORE_URL: 'redis://host', STORE_PORT: 'secret' })),
      );
      assert.strictEqual(bad._tag, 'InvalidFlagOptions');
      assert.match(bad.message, /STORE_PORT: found a value that cannot be used; allowed is/);
      assert.notInclude(bad.message, 'secret');
    }),
  );
});
