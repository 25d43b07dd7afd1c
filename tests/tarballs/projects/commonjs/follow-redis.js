// A client that follows a single server by ioredis 5; and a Cluster of ioredis 5, whose feed is refused.
const { createFlagClient } = require('@clarity/flags-core');
const { redisFeed, redisSource, redisStore } = require('@clarity/flags-redis');
const { Cluster, Redis } = require('ioredis');

const document = (status) => JSON.stringify({ schemaVersion: 1, flags: { new_checkout: { status } } });
const never = new AbortController().signal;
const refusal = (make) => {
  try {
    return make().name;
  } catch (error) {
    return error.message;
  }
};

async function follows(options) {
  const { source, feed, publisher, close } = redisStore(options);
  const held = await source.read(undefined, never).then(
    ({ revision }) => revision,
    () => 'absent',
  );
  const first = await publisher.publish(document('disabled'), held, never);
  const flags = createFlagClient({ source, feed, variables: false, refreshMode: 'both', refreshIntervalMs: 600_000 });
  await flags.ready();
  while (flags.health().feed !== 'up') await new Promise((resolve) => setImmediate(resolve));
  const before = flags.isEnabled('new_checkout');
  const changed = new Promise((resolve) => flags.on('changed', resolve));
  await publisher.publish(document('enabled'), first, never);
  await changed;
  const after = flags.isEnabled('new_checkout');
  await flags.close();
  await close();
  return { before, after };
}

async function main([url]) {
  // The client holds no process.
  const hold = setInterval(() => {}, 1_000);
  const byAddress = await follows({ url });
  const client = new Redis(url);
  const byClient = await follows({ client, namespace: 'other' });
  client.disconnect();
  const cluster = new Cluster([url], { lazyConnect: true });
  const [inCluster, alone] = [() => redisFeed({ client: cluster }), () => redisSource({ client: cluster })].map(
    refusal,
  );
  cluster.disconnect();
  clearInterval(hold);
  console.log(JSON.stringify({ byAddress, byClient, inCluster, alone }));
}

void main(process.argv.slice(2));
