// Runs the worker on this machine, in the same workerd that Cloudflare runs.
import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { openStore } from './store.ts';

const { HOST = '127.0.0.1', OTLP_URL, PORT = '3000' } = process.env;
const { main, compatibility_date: compatibilityDate } = JSON.parse(await readFile('wrangler.json', 'utf8')) as {
  main: string;
  compatibility_date: string;
};

// Before Miniflare listens for them, too: it would end with an exit code of failure. It cleans up on exit, whoever asks for it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));

const store = await openStore(process.env).catch((error: Error) => {
  console.error(`${error.message}. Without an Upstash of yours this needs a Redis: REDIS_URL names it.`);
  process.exit(1);
});
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
  bindings: { ...store, ...(OTLP_URL !== undefined && { OTLP_URL }) },
});
console.log(`The shop is open at ${(await worker.ready).href}checkout?user=u1`);
