import { createFlagClient } from '../../../packages/core/src/index.ts';
import { redisStore } from '../../../packages/redis/src/index.ts';
import { Redis } from 'ioredis';
import { startRedis } from '../../../tests/live/support/redis-server.ts';
import { documentText, WATCHED } from './document.ts';

const server = await startRedis();
const never = new AbortController().signal;
const store = redisStore({ url: server.url });
let revision = await store.publisher.publish(documentText(false, 0), 'absent', never);
const marks: Record<string, number> = {};
const acc: Record<string, number[]> = {};
const mark = (n: string) => {
  marks[n] = performance.now();
};
const source = {
  ...store.source,
  read: async (k: any, sg: any) => {
    mark('read');
    const r = await store.source.read(k, sg);
    mark('readEnd');
    return r;
  },
};
const feed = {
  ...store.feed,
  subscribe: (l: any, sg: any) =>
    store.feed.subscribe(
      {
        ...l,
        notice: (n: any) => {
          mark('notice');
          l.notice(n);
        },
      },
      sg,
    ),
};
const client = createFlagClient({
  source,
  feed,
  refreshMode: 'both',
  refreshIntervalMs: 60_000,
  staleAfterMs: 300_000,
  logLevel: 'error',
});
await client.ready();
const raw = { pub: new Redis(server.url), sub: new Redis(server.url), get: new Redis(server.url) };
await raw.sub.subscribe('raw');
console.log(documentText(true, 1).length, client.health().feed);
const pause = (ms: number) => new Promise((r) => setTimeout(r, ms));
const ours: number[] = [],
  theirs: number[] = [],
  pubs: number[] = [];
for (let i = 1; i <= 60; i++) {
  const text = documentText(i % 2 === 1, i);
  await pause(150);
  {
    const t = performance.now();
    const done = new Promise<void>((resolve) =>
      raw.sub.once('message', async () => {
        const d = JSON.parse((await raw.get.get('doc'))!);
        if (d.flags[WATCHED].status === (i % 2 ? 'enabled' : 'disabled')) resolve();
      }),
    );
    await raw.pub.set('doc', text);
    await raw.pub.publish('raw', 'x');
    await done;
    theirs.push(performance.now() - t);
  }
  await pause(150);
  {
    const t = performance.now();
    const done = new Promise<void>((resolve) => {
      const off = client.on('changed', () => {
        if (client.isEnabled(WATCHED) === (i % 2 === 1)) {
          off();
          resolve();
        }
      });
    });
    revision = await store.publisher.publish(text, revision, never);
    pubs.push(performance.now() - t);
    await done;
    ours.push(performance.now() - t);
    mark('done');
    for (const [n, v] of Object.entries(marks)) (acc[n] ??= []).push(v - t);
  }
}
const q = (a: number[], p: number) =>
  [...a].sort((x, y) => x - y)[Math.min(a.length - 1, Math.floor(a.length * p))]!.toFixed(2);
for (const [n, a] of Object.entries({ theirs, pubs, ours, ...acc })) console.log(n, q(a, 0.5), q(a, 0.99));
await client.close();
await store.close();
for (const r of Object.values(raw)) r.disconnect();
await server.stop();
