export interface UpstashOptions {
  /**
   * Address of the REST API: `https://...upstash.io`. `http:` only for a loopback address. Default: the environment
   * variable `UPSTASH_REDIS_REST_URL`, else Vercel's `KV_REST_API_URL`, where the runtime has a `process`.
   */
  readonly url?: string;
  /**
   * Token of the REST API; for a source the read-only one is enough. Default: `UPSTASH_REDIS_REST_TOKEN`, else
   * `KV_REST_API_TOKEN`; the one that belongs to the variable of the address.
   */
  readonly token?: string;
  /** Prefix of key and channel. Letters, digits and `_ . : / -`, 1 to 128 of them. Default `feature_flags`. */
  readonly namespace?: string;
  /** Where changes are announced. Default `<namespace>:config-changed`. */
  readonly channel?: string;
  /** Short name for health, log and metrics, 1 to 100 characters. Default `upstash:<namespace>`. */
  readonly name?: string;
}

export interface DocumentOptions {
  /**
   * Largest document in bytes, 1 to 16,777,216 (16 MB). Default 4,194,304 (4 MB). Upstash's plans limit requests
   * further.
   */
  readonly maxBytes?: number;
}
