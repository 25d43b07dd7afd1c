/**
 * The two calls that the adapter makes, by `fetch` alone. For the edge, where the size of a bundle counts: the library
 * is 17.8 KB gzip, and cannot be shaken.
 */
import { uncached } from '@clarity/flags-core/adapter-kit';
import { ReplyTooLarge, type RestRedis, type RestSettings } from './rest-redis.ts';
import { upstashFailure } from './upstash-error.ts';

export function fetchRedis({ url, token, signal, mostReplyBytes }: RestSettings): RestRedis {
  let syncToken: string | undefined;
  let ageMs = 0;

  async function send(...command: readonly (string | number)[]): Promise<unknown> {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'upstash-sync-token': syncToken ?? '',
      },
      body: JSON.stringify(command),
      // A redirect is not an answer of the API, and the token must not travel on. (`error` is not known on every edge.)
      redirect: 'manual',
      // Next takes a POST with a token for one that it may cache, too, until the page has asked for something of the
      // request.
      ...uncached(),
      signal: signal(),
    });
    const body: unknown = JSON.parse(await textOf(response, mostReplyBytes));
    const member = (name: string): unknown =>
      typeof body === 'object' && body !== null && Object.hasOwn(body, name)
        ? (body as Readonly<Record<string, unknown>>)[name]
        : undefined;
    const error = member('error');
    if (typeof error === 'string') throw upstashFailure(error);
    const result = member('result');
    if (!response.ok || result === undefined) throw new SyntaxError('not an answer of the API');
    syncToken = response.headers.get('upstash-sync-token') ?? '';
    ageMs = ageOf(response.headers.get('age'));
    return result;
  }

  return {
    get readYourWritesSyncToken() {
      return syncToken;
    },
    set readYourWritesSyncToken(next) {
      syncToken = next;
    },
    get ageMs() {
      return ageMs;
    },
    hmget: (key, ...fields) => send('hmget', key, ...fields),
    eval: (script, keys, args) => send('eval', script, keys.length, ...keys, ...args),
  };
}

/**
 * What an `Age` of whole seconds says, in milliseconds (RFC 9111, 5.1). Nobody may keep the answer to a POST, and some
 * do.
 */
function ageOf(seconds: string | null): number {
  return seconds !== null && /^\d{1,9}$/.test(seconds.trim()) ? Number(seconds) * 1000 : 0;
}

/** The text of an answer, of which no more than `mostBytes` are ever held. @throws ReplyTooLarge */
async function textOf({ body }: Response, mostBytes: number): Promise<string> {
  const reader = body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined;
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done = true, value } = (await reader?.read()) ?? {};
    if (done) return text + decoder.decode();
    bytes += value?.length ?? 0;
    if (bytes > mostBytes) {
      reader?.cancel().catch(() => undefined);
      throw new ReplyTooLarge();
    }
    text += decoder.decode(value, { stream: true });
  }
}
