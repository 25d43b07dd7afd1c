/**
 * Credentials as they get into messages: in addresses, in headers, and as named values. All of it takes linear time.
 */

const IN_HEADER = /\b(bearer|basic)\s+[\w+/=.~-]+/gi;
/**
 * A whole name with what makes it one of a secret, what stands between it and its value (in JSON within JSON too), and
 * the value: to the quote that ends it, or while nothing ends it. Short words count as a part only: not in `author`,
 * `bypass`, `design`.
 */
const NAMED =
  /(?<![\w-])(?=[\w-]*(?:passw|passphrase|secret|token|signature|credential|authorization|(?:access|account|api|private)[_-]?key|(?<![^\W_])(?:auth|pass|pwd|sig)(?![^\W_])))([\w-]+\\*["']?\s{0,4}[=:]\s{0,4})(?:(\\*["'])(?:(?!\2)(?:\\[^]|[^]))*|[^\s"'&]+)/gi;

/**
 * The text without the credentials that are recognisable in it: the last line of defence behind adapters that never put
 * any in.
 */
export function redact(text: string): string {
  return text.replace(/\S+/g, withoutUser).replace(IN_HEADER, '$1 ***').replace(NAMED, '$1$2***');
}

/** A password may hold a slash, a colon or an @: from the first slashes or colon up to the last @. */
function withoutUser(word: string): string {
  const user = word.slice(0, Math.max(word.lastIndexOf('@'), 0));
  return user.replace(/^(.*?(?::?\/\/|:)).*/, '$1***') + word.slice(user.length);
}
