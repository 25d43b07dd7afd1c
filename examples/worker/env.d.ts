// What `npx wrangler types` would write: the variables and secrets of this worker.
declare module 'cloudflare:workers' {
  export const env: {
    readonly UPSTASH_REDIS_REST_URL: string;
    /** A secret. The read-only token of the database is enough. */
    readonly UPSTASH_REDIS_REST_TOKEN: string;
    /** The prefix of key and channel, where it is not `feature_flags`. */
    readonly FLAGS_NAMESPACE?: string;
    /** How old flags may be, in milliseconds, before a request has them verified. */
    readonly FLAGS_REVALIDATE_AFTER_MS?: string;
    /** Where a collector takes metrics, such as `https://collector.example/v1/metrics`. */
    readonly OTLP_URL?: string;
  };
}
