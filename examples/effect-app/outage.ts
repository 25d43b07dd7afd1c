import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Breaker, Flags, flagsFromStore, Refresh, Staleness } from '@clarity/flags-core/effect';
import { fetchLayer } from '@clarity/flags-fetch/effect';
import * as Effect from 'effect/Effect';
import * as Layer from 'effect/Layer';
import * as Stream from 'effect/Stream';
import { reports, sentence } from './reports.ts';

/** The example's flags over HTTP, on this machine: a store that can die and come back. */
const mortalStore = Effect.gen(function* () {
  const text = yield* Effect.promise(() => readFile(new URL('flags.json', import.meta.url)));
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(text);
  });
  const listen = (port: number) => Effect.promise(() => once(server.listen(port, '127.0.0.1'), 'listening'));
  const die = Effect.sync(() => {
    server.close();
    server.closeAllConnections();
  });
  yield* Effect.acquireRelease(listen(0), () => die);
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/flags.json`, die, comeBack: listen(port) };
});

/** Times so short that all of it takes some seconds. */
const hasty = flagsFromStore({
  refreshMode: 'periodic',
  refreshIntervalMs: 500,
  timeoutMs: 500,
  staleAfterMs: 4_000,
  breaker: { failureThreshold: 3, recoveryTimeoutMs: 1_500 },
  variables: false,
  logLevel: 'silent',
});

/** What there is to see while a store is dead. It needs the services, and says nothing of where they come from. */
const watched = (store: { readonly die: Effect.Effect<void>; readonly comeBack: Effect.Effect<unknown> }) =>
  Effect.gen(function* () {
    const [flags, refresh] = [yield* Flags, yield* Refresh];
    const [breaker, staleness] = [yield* Breaker, yield* Staleness];
    const until = <A>(stream: Stream.Stream<A>, reached: (event: A) => boolean) =>
      Stream.runHead(Stream.filter(stream, reached));

    yield* staleness.awaitFresh;
    yield* Effect.forkScoped(Stream.runForEach(reports, (report) => Effect.log(`outage | ${sentence(report)}`)));
    yield* Effect.log('outage | The store dies');
    yield* store.die;

    yield* until(breaker.changes, ({ to }) => to === 'open');
    const refused = yield* refresh.now.pipe(
      Effect.as('the store was asked'),
      Effect.catchTag('BreakerOpen', ({ retryAfterMs }) => Effect.succeed(`not asked, for ${retryAfterMs} ms`)),
      Effect.catch(({ _tag }) => Effect.succeed(_tag)),
    );
    yield* Effect.log(`outage | A refresh now: ${refused}`);

    yield* until(staleness.changes, ({ state }) => state === 'stale');
    const answer = flags.isEnabled('mania_risk_analysis', { userId: 'u1' });
    yield* Effect.log(`outage | The last good answer meanwhile: ${answer}`);

    yield* Effect.log('outage | The store comes back');
    yield* store.comeBack;
    yield* staleness.awaitFresh;
    // The streams have a moment to tell the end of it.
    yield* Effect.sleep('1 second');
    yield* Effect.log(`outage | Over: the breaker is ${yield* breaker.state}`);
  });

/** A store that dies and comes back, beside the program's own, and everything that is told of it. */
export const outage = Effect.scoped(
  Effect.flatMap(mortalStore, (store) =>
    Effect.scoped(watched(store)).pipe(Effect.provide(hasty.pipe(Layer.provide(fetchLayer({ url: store.url }))))),
  ),
);
