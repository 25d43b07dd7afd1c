/** The scheme and host that an address of the web begins with. A target without them begins with its path. */
const ORIGIN = /^(?:https?:\/\/[^/\\?#@]*)?/i;

/**
 * The path of an address or of a request's target as it was typed, up to the query: nothing is decoded, resolved or
 * trimmed.
 *
 * A URL parser reads `/a\..\b`, `/./b` and `/%2e/b` all as `/b`. A proxy in front judged what was typed, so a path
 * counts only where this and the parser agree. A fragment, which no request may have, belongs to what was typed.
 */
export function spelledPath(address: string): string {
  const query = address.indexOf('?');
  return (query === -1 ? address : address.slice(0, query)).replace(ORIGIN, '');
}
