let init: { readonly cache?: 'no-store' } | undefined;

/**
 * For the options of a `fetch`: frameworks that wrap it, such as Next, answer out of a cache of their own unless they
 * are told not to, and such an answer looks like the store's (F61). Some edge runtimes refuse the option that tells
 * them; they have no such cache. Next's own word for it, `next: { revalidate: 0 }`, is left out: beside this one Next
 * 14 drops this one and warns with each read.
 */
export function uncached(): { readonly cache?: 'no-store' } {
  if (init === undefined) {
    try {
      void new Request('https://cache.invalid/', { cache: 'no-store' });
      init = { cache: 'no-store' };
    } catch {
      init = {};
    }
  }
  return init;
}
