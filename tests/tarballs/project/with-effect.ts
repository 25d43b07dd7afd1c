// The entry for programs that bring their own Effect, which nobody else has to install.
import { Flags, layer } from '@clarity/flags-core/effect';
import { memoryStore } from '@clarity/flags-testing';
import * as Effect from 'effect/Effect';

const text = JSON.stringify({ schemaVersion: 1, flags: { new_checkout: { status: 'enabled' } } });
const isOn = Effect.gen(function* () {
  const flags = yield* Flags;
  yield* flags.ready();
  return flags.isEnabled('new_checkout');
});
console.log(await Effect.runPromise(isOn.pipe(Effect.provide(layer({ source: memoryStore({ text }).source })))));
