// Plays Upstash for an example: loaded before it (`node --import`), it points the example's variables at a stand-in
// over the Redis at REDIS_URL, to which the example's flags.json is published. The example ends the process.
import { upstashPublisher } from '@clarity/flags-upstash';
import { publishWhenSaved } from './publish-when-saved.ts';
import { startUpstashServer } from './src/upstash-server.ts';

const { REDIS_URL: redisUrl = 'redis://127.0.0.1:6379' } = process.env;
/** Keeps these flags apart from those that Redis may hold already. */
const namespace = 'worker_example';

const { url, token } = await startUpstashServer({ redisUrl });
const publisher = upstashPublisher({ url, token, namespace });
await publishWhenSaved(async (text) => {
  await publisher.restore(text, AbortSignal.timeout(5_000));
}).catch((error: Error) => {
  console.error(`${error.message}. Without an Upstash of yours this needs a Redis: REDIS_URL names it.`);
  process.exit(1);
});
Object.assign(process.env, {
  UPSTASH_REDIS_REST_URL: url,
  UPSTASH_REDIS_REST_TOKEN: token,
  FLAGS_NAMESPACE: namespace,
  // So that a change is seen at once. In production each look costs a command.
  FLAGS_REVALIDATE_AFTER_MS: '500',
});
