import { checkedName, checkedNumber, type RedisLayout, redisLayout, requireOptions } from '@clarity/flags-core/ports';

export interface UpstashOptions {
  /**
   * Address of the REST API: `https://...upstash.io`. `http:` only for a loopback address. Default: the environment variable
   * `UPSTASH_REDIS_REST_URL`, where the runtime has a `process`.
   */
  readonly url?: string;
  /** Token of the REST API; for a source the read-only one is enough. Default: `UPSTASH_REDIS_REST_TOKEN`. */
  readonly token?: string;
  /** Prefix of key and channel. Letters, digits and `_ . : / -`, 1 to 128 of them. Default `feature_flags`. */
  readonly namespace?: string;
  /** Where changes are announced. Default `<namespace>:config-changed`. */
  readonly channel?: string;
  /** Short name for health, log and metrics, 1 to 100 characters. Default `upstash:<namespace>`. */
  readonly name?: string;
}

export interface DocumentOptions {
  /** Largest document in bytes, 1 to 16,777,216 (16 MB). Default 4,194,304 (4 MB). Upstash's plans limit requests further. */
  readonly maxBytes?: number;
}

/** The options, checked. */
export interface ResolvedUpstash {
  readonly name: string;
  readonly layout: RedisLayout;
  readonly url: string;
  readonly token: string;
}

const URL_VARIABLE = 'UPSTASH_REDIS_REST_URL';
const TOKEN_VARIABLE = 'UPSTASH_REDIS_REST_TOKEN';
const DEFAULT_MAX_BYTES = 4 * 1024 * 1024;
const MOST_BYTES = 16 * 1024 * 1024;
const LONGEST_NAMESPACE_SHOWN = 80;

/** @throws TypeError that names the option and the variable, and shows neither address nor token. */
export function resolveUpstash(options: UpstashOptions): ResolvedUpstash {
  requireOptions(options, 'an Upstash store', '{ url, token }, or {} where the environment has them');
  const layout = redisLayout(options);
  return {
    name: checkedName(options.name) ?? `upstash:${layout.namespace.slice(0, LONGEST_NAMESPACE_SHOWN)}`,
    layout,
    url: resolveUrl(options.url ?? variable(URL_VARIABLE)),
    token: resolveToken(options.token ?? variable(TOKEN_VARIABLE)),
  };
}

function resolveUrl(url: unknown): string {
  const refuse = (found: string): TypeError =>
    new TypeError(
      `url ${found}; give the address of the REST API, https://<name>.upstash.io, as the option url or in ${URL_VARIABLE}`,
    );
  if (url === undefined || url === '') throw refuse('is missing');
  if (typeof url !== 'string') throw refuse(`is of type ${typeof url}`);
  if (!URL.canParse(url)) throw refuse('is no URL');
  const { protocol, hostname, username, password, search, hash } = new URL(url);
  if (protocol === 'redis:' || protocol === 'rediss:') {
    throw refuse('is that of the Redis protocol and not of the REST API');
  }
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (protocol !== 'https:' && !(protocol === 'http:' && loopback)) throw refuse('does not begin with https://');
  if (username !== '' || password !== '') throw refuse('holds a user name or password');
  if (search !== '' || hash !== '') throw refuse('holds parameters or a fragment');
  // A line break at its end comes out of files and secrets.
  return url.trim().replace(/\/+$/, '');
}

function resolveToken(token: unknown): string {
  const refuse = (found: string): TypeError =>
    new TypeError(
      `token ${found}; copy the REST token from the Upstash console into the option token or ${TOKEN_VARIABLE}`,
    );
  if (token === undefined || token === '') throw refuse('is missing');
  if (typeof token !== 'string') throw refuse(`is of type ${typeof token}`);
  // Whatever else would end the header, or be refused by the runtime with the token in its message.
  if (!/^[\x21-\x7e]{1,4096}$/.test(token))
    throw refuse('holds spaces, line breaks or other characters that no token has');
  return token;
}

/** Read where there is one: an edge worker hands its variables in. */
function variable(name: string): string | undefined {
  return typeof process === 'object' && typeof process.env === 'object' ? process.env[name] : undefined;
}

/** @throws RangeError unless it is a whole number in the range. */
export function resolveMaxBytes(option: number | undefined): number {
  const value = option ?? DEFAULT_MAX_BYTES;
  return checkedNumber('maxBytes', value, 1, MOST_BYTES);
}
