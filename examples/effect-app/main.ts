// A program in Effect whose features are switched by flags: everything is a layer, and ends with its scope.
import { Flags, flagsFromConfig } from '@clarity/flags-core/effect';
import * as Cause from 'effect/Cause';
import * as Config from 'effect/Config';
import * as Effect from 'effect/Effect';
import * as Exit from 'effect/Exit';
import * as Fiber from 'effect/Fiber';
import * as Layer from 'effect/Layer';
import * as Stream from 'effect/Stream';
import { outage } from './outage.ts';
import { reports, sentence } from './reports.ts';
import { RiskAnalysis } from './risk-analysis.ts';
import { serverLayer } from './server.ts';
import { storeLayer } from './store.ts';

const settings = Config.all({
  host: Config.String('HOST').pipe(Config.withDefault('127.0.0.1')),
  port: Config.Int('PORT').pipe(Config.withDefault(3000)),
  showOutage: Config.Boolean('SHOW_OUTAGE').pipe(Config.withDefault(true)),
});

/** Waits for the first flags, goes on without them if need be, and logs what happens to them. */
const watchLayer = Layer.effectDiscard(
  Effect.gen(function* () {
    const flags = yield* Flags;
    yield* Effect.catch(flags.ready({ timeoutMs: 2_000 }), ({ message }) => Effect.logWarning(message));
    yield* Effect.forkScoped(Stream.runForEach(reports, (report) => Effect.log(sentence(report))));
  }),
);

const appLayer = Layer.unwrap(
  Effect.gen(function* () {
    const { host, port, showOutage } = yield* settings;
    const server = serverLayer(host, port);
    return showOutage ? Layer.merge(server, Layer.effectDiscard(Effect.forkScoped(outage))) : server;
  }),
);

const program = appLayer.pipe(
  Layer.provide(RiskAnalysis.layer),
  Layer.provide(watchLayer),
  Layer.provide(flagsFromConfig({ refreshMode: 'both', refreshIntervalMs: 10_000 })),
  Layer.provide(storeLayer),
  Layer.launch,
);

const running = Effect.runFork(program);
// Such as a port that is taken. Being interrupted is how it ends.
running.addObserver((exit) => {
  if (Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause)) return;
  console.error(Cause.pretty(exit.cause));
  process.exitCode = 1;
});
// Interrupting closes the layers in turn: first the server, last the store.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => Effect.runFork(Fiber.interrupt(running)));
