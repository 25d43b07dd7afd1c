/** The part of `@upstash/redis` that the adapter uses. At the edge, `fetchRedis` takes its place. */

export interface RestSettings {
  readonly url: string;
  readonly token: string;
  /** A function: given an instance, the library turns an abort into a resolved value. */
  readonly signal: () => AbortSignal;
  readonly retry: { readonly retries: number };
  readonly automaticDeserialization: boolean;
  readonly enableTelemetry: boolean;
  readonly enableAutoPipelining: boolean;
  readonly latencyLogging: boolean;
  readonly responseEncoding: false;
  readonly keepAlive: boolean;
  /** `fetchRedis` reads no more of an answer; the library reads all of it. */
  readonly mostReplyBytes: number;
}

/** An answer had more than `mostReplyBytes`; the rest was not read. */
export class ReplyTooLarge extends Error {}

export interface RestRedis {
  readYourWritesSyncToken: string | undefined;
  /**
   * How long something on the way has had the last answer, in milliseconds, by its `Age`. The library does not tell.
   */
  readonly ageMs?: number;
  hmget(key: string, ...fields: string[]): Promise<unknown>;
  eval(script: string, keys: string[], args: string[]): Promise<unknown>;
}

export type MakeRestRedis = (settings: RestSettings) => RestRedis;
