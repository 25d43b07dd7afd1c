// Each adapter's layers over a store that runs, for one test of them all.
import type { FlagStore, InvalidFlagOptions } from '@clarity/flags-core/effect';
import { fetchLayer, fetchLayerConfig } from '@clarity/flags-fetch/effect';
import { filePublisher } from '@clarity/flags-file';
import { fileLayer, fileLayerConfig } from '@clarity/flags-file/effect';
import { postgresPublisher } from '@clarity/flags-postgres';
import { postgresLayer, postgresLayerConfig } from '@clarity/flags-postgres/effect';
import { redisPublisher } from '@clarity/flags-redis';
import { redisLayer, redisLayerConfig } from '@clarity/flags-redis/effect';
import { ssmPublisher } from '@clarity/flags-ssm';
import { ssmLayer, ssmLayerConfig } from '@clarity/flags-ssm/effect';
import { startSsmServer } from '@clarity/flags-stand-ins/ssm-server';
import { startUpstashServer } from '@clarity/flags-stand-ins/upstash-server';
import { upstashPublisher } from '@clarity/flags-upstash';
import { upstashLayer, upstashLayerConfig } from '@clarity/flags-upstash/effect';
import * as Config from 'effect/Config';
import type * as Layer from 'effect/Layer';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeOn } from '../postgres/place.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { startHttpStore } from '../support/http-store.ts';
import { startRedis } from '../support/redis-server.ts';

type StoreLayer = Layer.Layer<FlagStore, InvalidFlagOptions>;

export interface LayeredStore {
  readonly fromOptions: StoreLayer;
  readonly fromConfig: StoreLayer;
  /** What `fromConfig` reads, all of it needed. */
  readonly variables: Readonly<Record<string, string>>;
  /** Variables with a value that cannot be used, and the option that a message then names. */
  readonly bad: { readonly variables: Readonly<Record<string, string>>; readonly named: RegExp };
  /** Texts that no message may hold. */
  readonly secrets: readonly string[];
  readonly put: (text: string) => Promise<unknown>;
  readonly stop: () => Promise<unknown>;
}

const never = new AbortController().signal;

async function layeredRedis(): Promise<LayeredStore> {
  const server = await startRedis();
  const publisher = redisPublisher({ url: server.url });
  return {
    fromOptions: redisLayer({ url: server.url }),
    fromConfig: redisLayerConfig({ url: Config.Redacted('REDIS_URL'), namespace: Config.String('NAMESPACE') }),
    variables: { REDIS_URL: server.url, NAMESPACE: 'feature_flags' },
    bad: { variables: { REDIS_URL: 'http://flags:hunter2@redis.internal', NAMESPACE: 'a' }, named: /address of Redis/ },
    secrets: ['hunter2', 'redis.internal'],
    put: (text) => publisher.restore(text, never),
    stop: async () => {
      await publisher.close();
      await server.stop();
    },
  };
}

async function layeredPostgres(): Promise<LayeredStore> {
  const server = await startPostgres();
  const { readerUrl, writerUrl } = await placeOn(server);
  const publisher = postgresPublisher({ url: writerUrl });
  return {
    fromOptions: postgresLayer({ url: readerUrl }),
    fromConfig: postgresLayerConfig({ url: Config.Redacted('DATABASE_URL'), schema: Config.String('FLAGS_SCHEMA') }),
    variables: { DATABASE_URL: readerUrl, FLAGS_SCHEMA: 'feature_flags' },
    bad: {
      variables: { DATABASE_URL: 'mysql://flags:hunter2@postgres.internal', FLAGS_SCHEMA: 'a' },
      named: /address of Postgres/,
    },
    secrets: ['hunter2', 'postgres.internal'],
    put: (text) => publisher.restore(text, never),
    stop: async () => {
      await publisher.close();
      await server.stop();
    },
  };
}

async function layeredUpstash(): Promise<LayeredStore> {
  const redis = await startRedis();
  const server = await startUpstashServer({ redisUrl: redis.url, token: 'token-hunter2' });
  const { url, token } = server;
  const publisher = upstashPublisher({ url, token });
  return {
    fromOptions: upstashLayer({ url, token }),
    fromConfig: upstashLayerConfig({ url: Config.String('UPSTASH_URL'), token: Config.Redacted('UPSTASH_TOKEN') }),
    variables: { UPSTASH_URL: url, UPSTASH_TOKEN: token },
    bad: { variables: { UPSTASH_URL: 'ftp://upstash.internal', UPSTASH_TOKEN: 'hunter2 hunter3' }, named: /url|token/ },
    secrets: ['hunter2', 'hunter3'],
    put: (text) => publisher.restore(text, never),
    stop: async () => {
      await publisher.close();
      await server.stop();
      await redis.stop();
    },
  };
}

async function layeredSsm(): Promise<LayeredStore> {
  const server = await startSsmServer();
  const { endpoint, region } = server;
  const identity = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'hunter2' };
  const place = { layout: 'chunked', path: '/shop/flags', endpoint, region, credentials: identity } as const;
  const publisher = ssmPublisher(place);
  return {
    fromOptions: ssmLayer(place),
    fromConfig: ssmLayerConfig({
      layout: Config.succeed('chunked'),
      path: Config.String('FLAGS_PATH'),
      endpoint: Config.String('SSM_ENDPOINT'),
      region: Config.String('AWS_REGION'),
      credentials: { accessKeyId: Config.String('KEY_ID'), secretAccessKey: Config.Redacted('SECRET_KEY') },
    }),
    variables: {
      FLAGS_PATH: place.path,
      SSM_ENDPOINT: endpoint,
      AWS_REGION: region,
      KEY_ID: identity.accessKeyId,
      SECRET_KEY: identity.secretAccessKey,
    },
    bad: {
      variables: {
        FLAGS_PATH: place.path,
        SSM_ENDPOINT: 'https://user:hunter3@ssm.internal',
        AWS_REGION: region,
        KEY_ID: 'AKIDEXAMPLE',
        SECRET_KEY: 'hunter2',
      },
      named: /endpoint/,
    },
    secrets: ['hunter2', 'hunter3'],
    put: (text) => publisher.restore(text, never),
    stop: async () => {
      await publisher.close();
      await server.stop();
    },
  };
}

async function layeredFile(): Promise<LayeredStore> {
  const folder = await mkdtemp(join(tmpdir(), 'clarity-layers-'));
  const path = join(folder, 'flags.json');
  const publisher = filePublisher({ path });
  return {
    fromOptions: fileLayer({ path }),
    fromConfig: fileLayerConfig({ path: Config.String('FLAGS_FILE'), pollIntervalMs: Config.Int('POLL_MS') }),
    variables: { FLAGS_FILE: path, POLL_MS: '100' },
    bad: { variables: { FLAGS_FILE: path, POLL_MS: '1' }, named: /pollIntervalMs/ },
    secrets: [],
    put: (text) => publisher.restore(text, never),
    stop: async () => {
      await publisher.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function layeredFetch(): Promise<LayeredStore> {
  const server = await startHttpStore();
  server.requireToken('hunter2');
  const url = `${server.url}?signature=hunter3`;
  return {
    fromOptions: fetchLayer({ url, headers: { authorization: 'Bearer hunter2' } }),
    fromConfig: fetchLayerConfig({ url: Config.Redacted('FLAGS_URL'), authorization: Config.Redacted('FLAGS_TOKEN') }),
    variables: { FLAGS_URL: url, FLAGS_TOKEN: 'Bearer hunter2' },
    bad: {
      variables: { FLAGS_URL: 'http://flags.internal/flags.json?signature=hunter3', FLAGS_TOKEN: 'hunter2' },
      named: /url/,
    },
    secrets: ['hunter2', 'hunter3'],
    put: async (text) => server.put(text),
    stop: () => server.stop(),
  };
}

/** By adapter. */
export const layeredStores = [
  ['redis', layeredRedis],
  ['postgres', layeredPostgres],
  ['upstash', layeredUpstash],
  ['ssm', layeredSsm],
  ['file', layeredFile],
  ['fetch', layeredFetch],
] as const;
