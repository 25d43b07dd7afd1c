import { Flags, flagsFromStore, FlagStore, Refresh } from '@clarity/flags-core/effect';
import type { FlagSource } from '@clarity/flags-core/ports';
import * as ConfigProvider from 'effect/ConfigProvider';
import * as Context from 'effect/Context';
import * as Effect from 'effect/Effect';
import * as Exit from 'effect/Exit';
import * as Layer from 'effect/Layer';
import * as Scope from 'effect/Scope';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LayeredStore, layeredStores } from './layered-stores.ts';

const document = JSON.stringify({ schemaVersion: 1, flags: { new_checkout: { status: 'enabled' } } });
const never = new AbortController().signal;
const services = flagsFromStore({ refreshMode: 'none', variables: false, logLevel: 'silent' });

const configured = (variables: Readonly<Record<string, string>>) =>
  Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(variables));

const ask = Effect.gen(function* () {
  const flags = yield* Flags;
  yield* flags.ready();
  return flags.isEnabled('new_checkout');
});

/** The one source of an adapter's store. */
const sourceOf = ({ source }: FlagStore['Service']): FlagSource => {
  if (!('read' in source)) throw new Error('an adapter gives one source');
  return source;
};

describe.each(layeredStores)('the layers of %s', (_, open) => {
  let store: LayeredStore;

  beforeEach(async () => {
    store = await open();
    await store.put(document);
  });

  afterEach(() => store.stop());

  it('give flags what the store holds, from options and from Config', async () => {
    const { fromOptions, fromConfig, variables } = store;
    expect(await Effect.runPromise(ask.pipe(Effect.provide(services.pipe(Layer.provide(fromOptions)))))).toBe(true);
    const configuredAsk = ask.pipe(Effect.provide(services.pipe(Layer.provide(fromConfig))), configured(variables));
    expect(await Effect.runPromise(configuredAsk)).toBe(true);
  });

  it('fail by the name of each variable that is missing', async () => {
    for (const name of Object.keys(store.variables)) {
      const { [name]: _left, ...others } = store.variables;
      const failed = Effect.flip(FlagStore.pipe(Effect.provide(store.fromConfig), configured(others)));
      const { _tag, problems } = await Effect.runPromise(failed);
      expect([_tag, problems]).toEqual(['InvalidFlagOptions', [expect.stringMatching(`^${name}: .*it is not set`)]]);
    }
  });

  it('fail by the name of an option that cannot be used, and show no secret', async () => {
    const { variables, named } = store.bad;
    const failed = Effect.flip(FlagStore.pipe(Effect.provide(store.fromConfig), configured(variables)));
    const invalid = await Effect.runPromise(failed);
    expect(invalid._tag).toBe('InvalidFlagOptions');
    expect(invalid.message).toMatch(named);
    for (const secret of store.secrets) {
      expect(`${invalid.message} ${invalid.stack} ${JSON.stringify(invalid)}`).not.toContain(secret);
    }
  });

  it('close the store with their scope, and say so to who goes on', async () => {
    const program = Effect.gen(function* () {
      const scope = yield* Scope.make();
      const context = yield* Layer.buildWithScope(Layer.provideMerge(services, store.fromOptions), scope);
      yield* ask.pipe(Effect.provide(context));
      yield* Scope.close(scope, Exit.void);
      const { now } = Context.get(context, Refresh);
      return { source: sourceOf(Context.get(context, FlagStore)), refreshed: yield* Effect.flip(now) };
    });
    const { source, refreshed } = await Effect.runPromise(program);
    expect(refreshed._tag).toBe('FlagsClosed');
    await expect(source.read(undefined, never)).rejects.toThrow(/closed/);
  });

  it('are one store where they are provided twice, and two where they are made afresh, each closed by itself', async () => {
    const { fromOptions } = store;
    const inside = <R>(given: Layer.Layer<FlagStore, unknown, R>) =>
      Effect.flatMap(FlagStore, (outer) =>
        Effect.map(Effect.provide(FlagStore, given), (inner) => ({ outer: sourceOf(outer), inner: sourceOf(inner) })),
      );
    const program = Effect.gen(function* () {
      const same = yield* inside(fromOptions);
      const apart = yield* inside(Layer.fresh(fromOptions));
      expect(same.inner).toBe(same.outer);
      expect(apart.inner).not.toBe(apart.outer);
      yield* Effect.promise(() => expect(apart.inner.read(undefined, never)).rejects.toThrow(/closed/));
      return yield* Effect.promise(() => apart.outer.read(undefined, never));
    });
    const reading = await Effect.runPromise(program.pipe(Effect.provide(fromOptions)));
    expect(reading).toMatchObject({ kind: 'document', text: document });
  });
});
