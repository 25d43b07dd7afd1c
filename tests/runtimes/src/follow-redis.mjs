// A program as a user writes it: publishes to Redis (argument: its address), follows, loses its connections, catches
// up, and closes. It ends by itself or not at all: there is no exit() here. Prints what it saw.
import { createFlagClient } from '@clarity/flags-core';
import { redisSource, redisStore } from '@clarity/flags-redis';
import { Redis } from 'ioredis';

const url = process.argv[2];
const text = (status) => JSON.stringify({ schemaVersion: 1, flags: { new_checkout: { status } } });
const never = new AbortController().signal;
const seen = [];

// A client holds no process open; this program has something to wait for.
const hold = setInterval(() => {}, 1_000);
const store = redisStore({ url, heartbeatMs: 200 });
let revision = await store.publisher.publish(text('disabled'), 'absent', never);
const client = createFlagClient({
  source: store.source,
  feed: store.feed,
  refreshMode: 'both',
  refreshIntervalMs: 60_000,
  staleAfterMs: 300_000,
  variables: false,
});
await client.ready();
seen.push(client.isEnabled('new_checkout'));

const turns = (on) =>
  new Promise((resolve) => {
    const look = () => client.isEnabled('new_checkout') === on && resolve();
    client.on('changed', look);
    look();
  });

revision = await store.publisher.publish(text('enabled'), revision, never);
await turns(true);
seen.push(true);

const admin = new Redis(url);
await admin.client('KILL', 'TYPE', 'pubsub');
await store.publisher.publish(text('disabled'), revision, never);
await turns(false);
seen.push(false);

await admin.config('SET', 'requirepass', 'right');
const wrong = redisSource({ url: url.replace('redis://', 'redis://:wrong@') });
seen.push(await wrong.read(undefined, never).catch(({ reason }) => reason));
await wrong.close();
admin.disconnect();

clearInterval(hold);
await client.close();
await store.close();
console.log(JSON.stringify(seen));
