// Only characters that no URL parser, proxy or router rewrites: what is configured is what arrives.
const PREFIX = /^(?:\/[\w~-][\w.~-]*)*$/;

/**
 * The prefix as it is put before every path: `/a/b`, or empty for the root (`''` or `'/'`).
 *
 * @throws {TypeError} when a request path could never begin with it, with what is allowed.
 */
export function checkedPrefix(option: string, prefix: string): string {
  const path = prefix === '/' ? '' : prefix;
  if (typeof path === 'string' && path.length <= 200 && PREFIX.test(path)) return path;
  throw new TypeError(
    `${option} is ${JSON.stringify(prefix)}; allowed is '' for the root, or at most 200 characters: segments of letters, digits, ` +
      "'-', '_', '.' and '~' with a slash before each and none after the last, such as '/feature-flags'",
  );
}
