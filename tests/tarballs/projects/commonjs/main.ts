// What a user of CommonJS may write: something of every entry, but of those for Effect and for vitest, which are ES
// modules themselves. Its declarations are written too, so the types of what it exports can be named.
import { diff } from '@clarity/flags-changes';
import { editText } from '@clarity/flags-changes/text';
import { createFlagClient, defineFlags, flag } from '@clarity/flags-core';
import * as kit from '@clarity/flags-core/adapter-kit';
import { toLongForm } from '@clarity/flags-core/definition';
import { decodeDocument } from '@clarity/flags-core/document';
import { openFlagClient } from '@clarity/flags-core/driver';
import { createEdgeFlagClient } from '@clarity/flags-core/edge';
import { edgeSignals } from '@clarity/flags-core/edge-signals';
import { createEvaluator } from '@clarity/flags-core/evaluation';
import { explain } from '@clarity/flags-core/explain';
import { metricTable } from '@clarity/flags-core/metrics';
import { isStoreError } from '@clarity/flags-core/ports';
import { followFlags } from '@clarity/flags-core/threads';
import { requireFlag, setupFeatureFlags } from '@clarity/flags-express';
import { fetchSource } from '@clarity/flags-fetch';
import { fileStore } from '@clarity/flags-file';
import { createFlagHandler, textMetrics } from '@clarity/flags-http';
import { nodeListener } from '@clarity/flags-http/node';
import { connect, createFlagClientFromEnv } from '@clarity/flags-node';
import { otlpMetrics } from '@clarity/flags-otlp';
import { prometheusMetrics } from '@clarity/flags-prometheus';
import { postgresStore } from '@clarity/flags-postgres';
import { redisSource, redisStore } from '@clarity/flags-redis';
import { ssmSource } from '@clarity/flags-ssm';
import { createTestClient, memoryStore } from '@clarity/flags-testing';
import { sourceChecks } from '@clarity/flags-testing/checks';
import { upstashSource, upstashStore } from '@clarity/flags-upstash';
import { upstashSource as edgeSource } from '@clarity/flags-upstash/cloudflare';
import express = require('express');

const text = JSON.stringify({ schemaVersion: 1, flags: { new_checkout: { status: 'beta', betaUsers: ['u1'] } } });

interface User {
  readonly userId: string;
}
class Account {
  readonly targetingKey = 'u1';
}
const user: User = { userId: 'u1' };

export const memory = memoryStore({ text });
export const metrics = textMetrics();
export const flags = createFlagClient({ source: memory.source, metrics, variables: false });
export const registry = defineFlags({ new_checkout: flag.boolean(false) });
export const typed = registry.of(flags);
export const testClient = createTestClient({ new_checkout: true });
export const handler = createFlagHandler({ client: flags, metrics });
export const decoded = decodeDocument(text);
export const fromVariables = (): ReturnType<typeof createFlagClientFromEnv> =>
  createFlagClientFromEnv({ variables: {} });
export const stores = {
  file: fileStore({ path: 'flags.json' }),
  postgres: postgresStore({ url: 'postgres://127.0.0.1:1/flags' }),
  redis: redisStore({ url: 'redis://127.0.0.1:1' }),
  redisSource: redisSource({ url: 'redis://127.0.0.1:1' }),
  fetch: fetchSource({ url: 'http://127.0.0.1:9/flags.json' }),
  ssm: ssmSource({ layout: 'single', path: '/flags', region: 'eu-central-1' }),
  upstash: upstashStore({ url: 'https://flags.example', token: 'token' }),
  upstashSource: upstashSource({ url: 'https://flags.example', token: 'token' }),
  atTheEdge: edgeSource({ url: 'https://flags.example', token: 'token' }),
};

async function main(): Promise<void> {
  await flags.ready();
  if (!decoded.ok) throw new Error('the document is good');
  const edge = createEdgeFlagClient({ source: memory.source, bootstrap: decoded.document });
  const fromFile = await fromVariables();
  await fromFile.ready();
  const refused: unknown = await stores.fetch
    .read(undefined, new AbortController().signal)
    .catch((error: unknown) => error);
  const app = express();
  void setupFeatureFlags(app, { client: flags });
  app.get('/checkout', requireFlag('new_checkout'), (_request, response) => void response.send('new'));
  console.log(
    JSON.stringify({
      plain: flags.isEnabled('new_checkout', user),
      typed: typed.isEnabled('new_checkout', new Account()) && testClient.isEnabled('new_checkout'),
      evaluated: createEvaluator(decoded.document).isEnabled('new_checkout', user, false),
      explained: explain(decoded.document, 'new_checkout', user).details.value,
      atTheEdge: edge.isEnabled('new_checkout', user),
      fromFile: fromFile.isEnabled('new_checkout'),
      connected: (await connect('redis://127.0.0.1:1')).source.name,
      health: (await handler(new Request('http://app/feature-flags/health'))).status,
      refused: isStoreError(refused) && refused.reason,
      functions: [
        toLongForm,
        edgeSignals,
        diff,
        editText,
        kit.textHash,
        metricTable,
        followFlags,
        nodeListener,
        openFlagClient,
        otlpMetrics,
        prometheusMetrics,
        sourceChecks,
      ].every((one) => typeof one === 'function'),
    }),
  );
  await Promise.all([flags.close(), fromFile.close(), edge, ...Object.values(stores).map((store) => store.close())]);
}

void main();
