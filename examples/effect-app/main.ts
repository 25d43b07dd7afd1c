// A program in Effect whose features are switched by flags.json: everything is a layer, and ends with its scope.
import { Flags, flagsLayer, Refresh } from '@clarity/flags-core/effect';
import { fileStore } from '@clarity/flags-file';
import * as Cause from 'effect/Cause';
import * as Effect from 'effect/Effect';
import * as Exit from 'effect/Exit';
import * as Fiber from 'effect/Fiber';
import * as Layer from 'effect/Layer';
import * as Stream from 'effect/Stream';
import { RiskAnalysis } from './risk-analysis.ts';
import { serverLayer } from './server.ts';

const { FLAGS_FILE = 'flags.json', HOST = '127.0.0.1', PORT = '3000' } = process.env;

const { source, feed } = fileStore({ path: FLAGS_FILE });
const flagServices = flagsLayer({ source, feed, refreshMode: 'both', refreshIntervalMs: 10_000 });

/** Waits for the first flags, goes on without them if need be, and logs each change. */
const watchLayer = Layer.effectDiscard(
  Effect.gen(function* () {
    const flags = yield* Flags;
    yield* Effect.catch(flags.ready({ timeoutMs: 2_000 }), ({ message }) => Effect.logWarning(message));
    yield* Effect.forkScoped(
      Stream.runForEach((yield* Refresh).changes, ({ keys }) => Effect.log(`Changed: ${keys.join(', ') || 'no flag'}`)),
    );
  }),
);

const program = serverLayer(HOST, Number(PORT)).pipe(
  Layer.provide(RiskAnalysis.layer),
  Layer.provide(watchLayer),
  Layer.provide(flagServices),
  Layer.launch,
);

const running = Effect.runFork(program);
// Such as a port that is taken. Being interrupted is how it ends.
running.addObserver((exit) => {
  if (Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause)) return;
  console.error(Cause.pretty(exit.cause));
  process.exitCode = 1;
});
// Interrupting closes the layers in turn: first the server, last the client.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => Effect.runFork(Fiber.interrupt(running)));
