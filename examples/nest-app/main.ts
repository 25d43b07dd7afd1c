// A shop on Nest whose features are switched by flags.json, or by the store that FEATURE_FLAG_STORE_URL names.
import type { AddressInfo } from 'node:net';
import type { FlagClient } from '@clarity/flags-core';
import { setupFeatureFlags } from '@clarity/flags-express';
import { bearerToken, onlyClosedRoutes } from '@clarity/flags-http';
import { NestFactory } from '@nestjs/core';
import type { Application } from 'express';
import { AppModule } from './app.module.ts';
import { FLAGS } from './flags.module.ts';
import { whoAsks } from './who-asks.ts';

const { FLAGS_TOKEN, HOST = '127.0.0.1', PORT = '3000' } = process.env;

const app = await NestFactory.create(AppModule, { logger: ['warn', 'error', 'fatal'], forceCloseConnections: true });
// SIGTERM and Ctrl+C close the server, and then the client.
app.enableShutdownHooks([], { useProcessExit: true });
const flags = app.get<FlagClient>(FLAGS);
// Health, probes and metrics, before Nest's own routes.
await setupFeatureFlags(app.getHttpAdapter().getInstance() as Application, {
  client: flags,
  server: app.getHttpServer(),
  context: whoAsks,
  // Without a token the routes that show every flag stay closed.
  ...(FLAGS_TOKEN !== undefined && { authorize: onlyClosedRoutes(bearerToken(FLAGS_TOKEN)), page: true }),
});
await app.listen(Number(PORT), HOST);

flags.on('changed', ({ keys }) => console.log(`Changed: ${keys.join(', ') || 'no flag'}`));

const { port } = app.getHttpServer().address() as AddressInfo;
console.log(`The shop is open at http://${HOST}:${port}/checkout?user=u1`);
