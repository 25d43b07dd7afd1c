// The entry for programs that bring their own Effect, which nobody else has to install, beside a client of the main
// entry on the same source; and the layers of the stores, of which one is read.
import { createFlagClient } from '@clarity/flags-core';
import { Flags, flagsFromStore, flagsLayer } from '@clarity/flags-core/effect';
import { fetchLayer } from '@clarity/flags-fetch/effect';
import { fileLayer } from '@clarity/flags-file/effect';
import { postgresLayer } from '@clarity/flags-postgres/effect';
import { redisLayer } from '@clarity/flags-redis/effect';
import { ssmLayer } from '@clarity/flags-ssm/effect';
import { memoryStore } from '@clarity/flags-testing';
import { upstashLayer } from '@clarity/flags-upstash/effect';
import * as Effect from 'effect/Effect';
import * as Layer from 'effect/Layer';

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

const layers = [
  fileLayer({ path: 'flags.json' }),
  fetchLayer({ url: 'https://flags.invalid/flags.json' }),
  postgresLayer({ url: 'postgres://127.0.0.1:1/flags' }),
  redisLayer({ url: 'redis://127.0.0.1:1' }),
  ssmLayer({ layout: 'single', path: '/flags' }),
  upstashLayer({ url: 'https://flags.invalid', token: 'token' }),
] as const;
const fromStore = await Effect.runPromise(
  isOn.pipe(Effect.provide(flagsFromStore({ refreshMode: 'none' }).pipe(Layer.provide(layers[0])))),
);
console.log(JSON.stringify({ on, fromStore, layers: layers.length, closedByTheFirst, closed }));
