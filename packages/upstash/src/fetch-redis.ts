/**
 * The two calls that the adapter makes, by `fetch` alone. For the edge, where the size of a bundle counts: the library is 17.8 KB
 * gzip, and cannot be shaken.
 */
import type { RestRedis, RestSettings } from './rest-redis.ts';
import { upstashFailure } from './upstash-error.ts';

export function fetchRedis({ url, token, signal }: RestSettings): RestRedis {
  let syncToken: string | undefined;

  async function send(...command: readonly (string | number)[]): Promise<unknown> {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'upstash-sync-token': syncToken ?? '',
      },
      body: JSON.stringify(command),
      // A redirect is no answer of the API, and the token must not travel on. (`error` is not known on every edge.)
      redirect: 'manual',
      signal: signal(),
    });
    const body: unknown = await response.json();
    const member = (name: string): unknown =>
      typeof body === 'object' && body !== null && Object.hasOwn(body, name)
        ? (body as Readonly<Record<string, unknown>>)[name]
        : undefined;
    const error = member('error');
    if (typeof error === 'string') throw upstashFailure(error);
    const result = member('result');
    if (!response.ok || result === undefined) throw new SyntaxError('not an answer of the API');
    syncToken = response.headers.get('upstash-sync-token') ?? '';
    return result;
  }

  return {
    get readYourWritesSyncToken() {
      return syncToken;
    },
    set readYourWritesSyncToken(next) {
      syncToken = next;
    },
    hmget: (key, ...fields) => send('hmget', key, ...fields),
    eval: (script, keys, args) => send('eval', script, keys.length, ...keys, ...args),
  };
}
