// What a user may write: something of every entry of every package, but for ./effect. Copied into an empty project,
// where only tarballs are installed.
import process from 'node:process';
import { diff } from '@clarity/flags-changes';
import { editText } from '@clarity/flags-changes/text';
import { createFlagClient, defineFlags, flag } from '@clarity/flags-core';
import { textHash } from '@clarity/flags-core/adapter-kit';
import { toLongForm } from '@clarity/flags-core/definition';
import { decodeDocument } from '@clarity/flags-core/document';
import { openFlagClient } from '@clarity/flags-core/driver';
import { createEdgeFlagClient } from '@clarity/flags-core/edge';
import * as signals from '@clarity/flags-core/edge-signals';
import { createEvaluator, type FlagDocument } from '@clarity/flags-core/evaluation';
import { explain } from '@clarity/flags-core/explain';
import { chainHash } from '@clarity/flags-core/history';
import { metricTable } from '@clarity/flags-core/metrics';
import { type FlagSource, isStoreError } from '@clarity/flags-core/ports';
import { followFlags, shareFlags } from '@clarity/flags-core/threads';
import { requireFlag, setupFeatureFlags } from '@clarity/flags-express';
import { fetchSource } from '@clarity/flags-fetch';
import { fileStore } from '@clarity/flags-file';
import { createFlagHandler, textMetrics } from '@clarity/flags-http';
import { nodeListener } from '@clarity/flags-http/node';
import { connect } from '@clarity/flags-node';
import { otlpMetrics } from '@clarity/flags-otlp';
import { prometheusMetrics } from '@clarity/flags-prometheus';
import { postgresSource, setupStatements } from '@clarity/flags-postgres';
import { redisSource } from '@clarity/flags-redis';
import { ssmSource } from '@clarity/flags-ssm';
import { createTestClient, memoryStore } from '@clarity/flags-testing';
import { sourceChecks } from '@clarity/flags-testing/checks';
import { upstashSource } from '@clarity/flags-upstash';
import { upstashSource as edgeSource } from '@clarity/flags-upstash/cloudflare';
import express from 'express';

const text = JSON.stringify({ schemaVersion: 1, flags: { new_checkout: { status: 'enabled' } } });
const source: FlagSource = memoryStore({ text }).source;
const metrics = textMetrics();

const flags = createFlagClient({ source, metrics, variables: false });
await flags.ready();
const typed: boolean = defineFlags({ new_checkout: flag.boolean(false) })
  .of(flags)
  .isEnabled('new_checkout');

const decoded = decodeDocument(text);
if (!decoded.ok) throw new Error('the document is good');
const document: FlagDocument = decoded.document;
const evaluator = createEvaluator(document);

const edge = createEdgeFlagClient({ source, bootstrap: document });
const health: Response = await createFlagHandler({ client: flags, metrics })(
  new Request('http://app/feature-flags/health'),
);

const stores: readonly FlagSource[] = [
  fetchSource({ url: 'https://flags.example/flags.json' }),
  fileStore({ path: 'flags.json' }).source,
  (await connect('file:flags.json')).source,
  postgresSource({ url: 'postgres://127.0.0.1/flags' }),
  redisSource({ url: 'redis://127.0.0.1:6379' }),
  ssmSource({ layout: 'single', path: '/flags', region: 'eu-central-1' }),
  upstashSource({ url: 'https://flags.example', token: 'token' }),
  edgeSource({ url: 'https://flags.example', token: 'token' }),
];
const refused: unknown = await fetchSource({ url: 'http://127.0.0.1:9/flags.json' })
  .read(undefined, new AbortController().signal)
  .catch((error: unknown) => error);

const app = express();
void setupFeatureFlags(app, { client: flags });
app.get('/checkout', requireFlag('new_checkout'), (_request, response) => void response.send('new'));

console.log(
  JSON.stringify({
    plain: flags.isEnabled('new_checkout'),
    typed: typed && createTestClient({ new_checkout: true }).isEnabled('new_checkout'),
    evaluated: evaluator.isEnabled('new_checkout', { targetingKey: 'u1' }, false),
    explained: explain(document, 'new_checkout').details.value,
    atTheEdge: edge.isEnabled('new_checkout'),
    health: health.status,
    refused: isStoreError(refused) && refused.reason,
    functions: [
      ...Object.values(signals),
      diff,
      editText,
      toLongForm,
      textHash,
      chainHash,
      metricTable,
      followFlags,
      shareFlags,
      nodeListener,
      openFlagClient,
      otlpMetrics,
      prometheusMetrics,
      setupStatements,
      sourceChecks,
    ].every((one) => typeof one === 'function'),
    stores: stores.length,
  }),
);
await Promise.all([flags.close(), ...stores.map((store) => store.close())]);
process.exitCode = 0;
