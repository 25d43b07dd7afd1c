import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Flags } from '@clarity/flags-core/effect';
import * as Effect from 'effect/Effect';
import * as Layer from 'effect/Layer';
import { RiskAnalysis } from './risk-analysis.ts';

/** Serves `/risk?user=u1` and `/health` for as long as its scope lives. */
export const serverLayer = (host: string, port: number) =>
  Layer.effectDiscard(
    Effect.gen(function* () {
      const flags = yield* Flags;
      const risk = yield* RiskAnalysis;

      const answer = (url: URL): Effect.Effect<readonly [status: number, body: unknown]> => {
        switch (url.pathname) {
          case '/risk':
            return Effect.map(risk.assess(url.searchParams.get('user') ?? ''), (assessment) => [200, assessment]);
          case '/health':
            return Effect.sync(() => [200, flags.client.health()]);
          default:
            return Effect.succeed([404, { error: 'Try /risk?user=u1' }]);
        }
      };

      const server = createServer((request, response) => {
        const respond = (status: number, body: unknown): void => {
          response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
        };
        // Put together as text: `//` can be asked for, and as a reference to a base it is not a URL.
        const asked = Effect.suspend(() => answer(new URL(`http://localhost${request.url ?? '/'}`)));
        // A rejection that nobody hears would end the process.
        Effect.runPromise(asked).then(
          ([status, body]) => respond(status, body),
          (error: unknown) => {
            console.error(error);
            respond(500, { error: 'Something went wrong here' });
          },
        );
      });
      yield* Effect.acquireRelease(
        Effect.promise(() => once(server.listen(port, host), 'listening')),
        () => Effect.promise(() => once(server.close(), 'close')),
      );
      yield* Effect.log(`Risks at http://${host}:${(server.address() as AddressInfo).port}/risk?user=u1`);
    }),
  );
