/** Where the served document came from. `name` is the source's own name, or that of the cache. */
export interface Origin {
  readonly kind: 'primary' | 'fallback' | 'cache' | 'bootstrap';
  readonly name: string;
}
