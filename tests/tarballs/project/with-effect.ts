// The entry for programs that bring their own Effect, which nobody else has to install, beside a client of the main
// entry on the same source.
import { createFlagClient } from '@clarity/flags-core';
import { Flags, flagsLayer } from '@clarity/flags-core/effect';
import { memoryStore } from '@clarity/flags-testing';
import * as Effect from 'effect/Effect';

const text = JSON.stringify({ schemaVersion: 1, flags: { new_checkout: { status: 'enabled' } } });
const memory = memoryStore({ text }).source;
let closed = 0;
const source = { ...memory, close: () => memory.close().finally(() => (closed += 1)) };

const plain = createFlagClient({ source, variables: false });
const isOn = Effect.gen(function* () {
  const flags = yield* Flags;
  yield* flags.ready();
  return flags.isEnabled('new_checkout');
});
const on = await Effect.runPromise(isOn.pipe(Effect.provide(flagsLayer({ source }))));
const closedByTheFirst = closed;
await plain.close();
console.log(JSON.stringify({ on, closedByTheFirst, closed }));
