import type { MakeRestRedis, RestRedis } from './rest-redis.ts';
import type { ResolvedUpstash } from './resolve-upstash.ts';

/**
 * Makes one client of the library for each call, so that each has a signal of its own, and hands the sync token from
 * one to the next.
 */
export class RestCommands {
  readonly #make: MakeRestRedis;
  readonly #place: ResolvedUpstash;
  readonly #mostReplyBytes: number;
  /** Later reads see at least what earlier ones saw, whichever replica answers. */
  #syncToken = '';

  constructor(make: MakeRestRedis, place: ResolvedUpstash, mostReplyBytes: number = Number.POSITIVE_INFINITY) {
    this.#make = make;
    this.#place = place;
    this.#mostReplyBytes = mostReplyBytes;
  }

  async run<T>(signal: AbortSignal, command: (redis: RestRedis) => Promise<T>): Promise<T> {
    const { url, token } = this.#place;
    const redis = this.#make({
      url,
      token,
      signal: () => signal,
      // One attempt: the client above has the deadline, the breaker and the backoff. (`retry: false` would make two.)
      retry: { retries: 0 },
      // A document is text, also where it looks like a number.
      automaticDeserialization: false,
      enableTelemetry: false,
      enableAutoPipelining: false,
      latencyLogging: false,
      // Plain JSON: smaller than base64, and nothing has to be guessed about what was encoded.
      responseEncoding: false,
      // This is the option of `fetch` to outlive a page, which limits bodies to 64 KB. Connections are kept anyway.
      keepAlive: false,
      mostReplyBytes: this.#mostReplyBytes,
    });
    redis.readYourWritesSyncToken = this.#syncToken;
    const reply = await command(redis);
    this.#syncToken = redis.readYourWritesSyncToken ?? '';
    return reply;
  }
}
