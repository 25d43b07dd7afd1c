/**
 * What stands for this package where there are no files to follow: workerd and edge functions take it by the conditions
 * of their names. It may be imported, so that one program can run in several places; a call that needs a file says
 * what to use instead.
 */
const lack = (name: string) => (): never => {
  throw new Error(
    `${name} needs a file system, which this runtime does not have. Use @clarity/flags-fetch for an HTTPS address or ` +
      '@clarity/flags-upstash/cloudflare for Upstash, with createEdgeFlagClient of @clarity/flags-core/edge.',
  );
};

export const fileCache = lack('fileCache');
export const fileFeed = lack('fileFeed');
export const fileHistory = lack('fileHistory');
export const filePublisher = lack('filePublisher');
export const fileSource = lack('fileSource');
export const fileStore = lack('fileStore');
