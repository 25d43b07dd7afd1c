// Runs the worker on this machine, in the same workerd that Cloudflare runs, with variables of this process for those
// of the worker.
import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';

const {
  FLAGS_NAMESPACE,
  FLAGS_REVALIDATE_AFTER_MS,
  HOST = '127.0.0.1',
  OTLP_URL,
  PORT = '3000',
  UPSTASH_REDIS_REST_TOKEN,
  UPSTASH_REDIS_REST_URL,
} = process.env;
if (UPSTASH_REDIS_REST_URL === undefined || UPSTASH_REDIS_REST_TOKEN === undefined) {
  console.error('Name the database with your flags by UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN.');
  process.exit(1);
}
const { main, compatibility_date: compatibilityDate } = JSON.parse(await readFile('wrangler.json', 'utf8')) as {
  main: string;
  compatibility_date: string;
};

// Before Miniflare listens for the same signals, and would end with an exit code of failure. It cleans up at every
// exit.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));

const { outputFiles } = await build({
  entryPoints: [main],
  bundle: true,
  write: false,
  logLevel: 'error',
  format: 'esm',
  conditions: ['workerd', 'worker', 'browser'],
  target: 'es2022',
  external: ['cloudflare:*'],
  // Not this workspace's, whose "paths" lead to the packages' sources.
  tsconfigRaw: {},
});
const worker = new Miniflare({
  modules: true,
  script: outputFiles[0]?.text ?? '',
  compatibilityDate,
  host: HOST,
  port: Number(PORT),
  bindings: {
    UPSTASH_REDIS_REST_URL,
    UPSTASH_REDIS_REST_TOKEN,
    ...(FLAGS_NAMESPACE !== undefined && { FLAGS_NAMESPACE }),
    ...(FLAGS_REVALIDATE_AFTER_MS !== undefined && { FLAGS_REVALIDATE_AFTER_MS }),
    ...(OTLP_URL !== undefined && { OTLP_URL }),
  },
});
console.log(`The shop is open at ${(await worker.ready).href}checkout?user=u1`);
