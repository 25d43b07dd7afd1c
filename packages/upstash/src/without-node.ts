/**
 * What stands for this package where there is no Node: workerd and edge functions take it by the conditions of their
 * names. Source and publisher are those of `./cloudflare`; asking for a feed throws an error that says what to use
 * instead.
 */
export { upstashPublisher, upstashSource } from './cloudflare.ts';

const lack = (name: string) => (): never => {
  throw new Error(
    `${name} needs a connection that outlives a request, which this runtime does not have. Use upstashSource of ` +
      '@clarity/flags-upstash/cloudflare, with createEdgeFlagClient of @clarity/flags-core/edge, which looks for changes within requests.',
  );
};

export const upstashFeed = lack('upstashFeed');
export const upstashStore = lack('upstashStore');
