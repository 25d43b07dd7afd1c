// The credentials of RFC 6750, section 2.1.
const TOKEN = /^[\w.~+/-]+=*$/;
const SHORTEST = 16;
/** A header that is longer is not worth hashing. */
const LONGEST = 1_024;

const encoder = new TextEncoder();

/**
 * Lets through requests with `Authorization: Bearer <token>`, compared in constant time. With a list any of them will
 * do, so that a token can be replaced without a gap.
 *
 * @throws {TypeError} when there is none (a variable that is not set), or one cannot stand in the header, or is shorter
 * than 16 or longer than 1,024 characters.
 */
export function bearerToken(token: string | readonly string[] | undefined): (request: Request) => Promise<boolean> {
  const tokens: readonly unknown[] = Array.isArray(token) ? token : [token];
  const fits = (one: unknown): one is string =>
    typeof one === 'string' && one.length >= SHORTEST && one.length <= LONGEST && TOKEN.test(one);
  if (tokens.length === 0 || !tokens.every(fits)) {
    const absent = tokens.length === 0 || tokens.some((one) => one === undefined || one === '');
    // Without the token: messages end up in logs.
    throw new TypeError(
      `a bearer token is ${absent ? 'missing (is its variable set?)' : 'one that cannot be used'}; allowed is a text of ${SHORTEST} to ` +
        `${LONGEST} letters, digits, '-', '.', '_', '~', '+', '/' and then '=', such as \`openssl rand -base64 24\` makes`,
    );
  }
  let known: Promise<readonly Uint8Array[]> | undefined;
  return async (request) => {
    const given = /^Bearer +([^ ]+) *$/i.exec(request.headers.get('authorization') ?? '')?.[1];
    if (given === undefined || given.length > LONGEST) return false;
    known ??= Promise.all(tokens.map(digest));
    const [own, others] = await Promise.all([digest(given), known]);
    let accepted = false;
    // Each is compared, and each to its end: how long it takes says nothing about where they differ.
    for (const other of others) if (same(own, other)) accepted = true;
    return accepted;
  };
}

/** Digests have one length, and callers cannot choose them: comparing them leaks nothing about the token. */
async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(text)));
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (const [at, byte] of a.entries()) difference |= byte ^ (b[at] ?? 0);
  return difference === 0;
}
