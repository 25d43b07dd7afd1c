// The store of a worker that runs on this machine: your Upstash, or a stand-in for it over a Redis here.
import { readFile } from 'node:fs/promises';
import { fileFeed } from '@clarity/flags-file';
import { startUpstashServer } from '@clarity/flags-testing/upstash-server';
import { upstashPublisher } from '@clarity/flags-upstash/cloudflare';

/** The variables of the worker that say where its flags are. */
export type StoreBindings = Readonly<Record<string, string>>;

export async function openStore(variables: NodeJS.ProcessEnv): Promise<StoreBindings> {
  const {
    UPSTASH_REDIS_REST_URL,
    UPSTASH_REDIS_REST_TOKEN,
    REDIS_URL = 'redis://127.0.0.1:6379',
    FLAGS_FILE = 'flags.json',
  } = variables;
  if (UPSTASH_REDIS_REST_URL !== undefined && UPSTASH_REDIS_REST_TOKEN !== undefined) {
    return { UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN };
  }
  return standIn(REDIS_URL, FLAGS_FILE);
}

/** Publishes the file, and again whenever it is saved. A namespace keeps its flags apart from those that Redis may hold already. */
async function standIn(redisUrl: string, path: string): Promise<StoreBindings> {
  const { url, token } = await startUpstashServer({ redisUrl });
  const namespace = 'worker_example';
  const publisher = upstashPublisher({ url, token, namespace });
  const publish = async (): Promise<void> => {
    await publisher.restore(await readFile(path, 'utf8'), AbortSignal.timeout(5_000));
    console.log(`Published ${path}.`);
  };
  const refused = (error: Error): void => console.error(`Not published: ${error.message}`);

  await publish();
  await fileFeed({ path }).subscribe(
    { notice: () => void publish().catch(refused), down: refused, up: () => {} },
    new AbortController().signal,
  );
  return {
    UPSTASH_REDIS_REST_URL: url,
    UPSTASH_REDIS_REST_TOKEN: token,
    FLAGS_NAMESPACE: namespace,
    // So that a change is seen at once. In production each look costs a command.
    FLAGS_REVALIDATE_AFTER_MS: '500',
  };
}
