const POSTPONED: unique symbol = Symbol.for('react.postpone') as never;

/**
 * Whether a framework called a request off before it was made. Next does so while it renders a page ahead of requests:
 * its `fetch` throws, so that the page is rendered for each request instead. React and Next mark what they throw for
 * themselves by a `digest`.
 */
export function isCalledOff(error: unknown): boolean {
  const { digest, $$typeof } = Object(error) as { readonly digest?: unknown; readonly $$typeof?: unknown };
  return typeof digest === 'string' || $$typeof === POSTPONED;
}
