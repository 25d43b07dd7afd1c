/** Where the credentials of one database stand. */
interface Pair {
  readonly url: string;
  readonly token: string;
}

/** By the names of Upstash, and by those that Vercel gives to a database of its marketplace. */
const PAIRS: readonly Pair[] = [
  { url: 'UPSTASH_REDIS_REST_URL', token: 'UPSTASH_REDIS_REST_TOKEN' },
  { url: 'KV_REST_API_URL', token: 'KV_REST_API_TOKEN' },
];

/** For messages. */
export const URL_VARIABLES = PAIRS.map(({ url }) => url).join(' or ');
export const TOKEN_VARIABLES = PAIRS.map(({ token }) => token).join(' or ');

/**
 * Address and token as options give them, and else the variables. Two variables are taken of one pair: the token of
 * another database would be refused, and is not to be sent there.
 */
export function credentials(options: { readonly url?: unknown; readonly token?: unknown }): {
  readonly url: unknown;
  readonly token: unknown;
} {
  const sought = options.url === undefined ? 'url' : 'token';
  const pair = PAIRS.find((one) => variable(one[sought]) !== undefined) ?? PAIRS[0]!;
  return { url: options.url ?? variable(pair.url), token: options.token ?? variable(pair.token) };
}

/** Read where there is one: an edge worker hands its variables in. An empty one counts as not set. */
function variable(name: string): string | undefined {
  return typeof process === 'object' && typeof process.env === 'object' ? process.env[name] || undefined : undefined;
}
