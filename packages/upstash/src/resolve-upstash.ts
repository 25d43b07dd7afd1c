import { checkedName, describeOption, requireOptions } from '@clarity/flags-core/adapter-kit';
import { type RedisLayout, redisLayout } from '@clarity/flags-redis-protocol';
import type { UpstashOptions } from './upstash-options.ts';
import { credentials, TOKEN_VARIABLES, URL_VARIABLES } from './variables.ts';

/** The options, checked. */
export interface ResolvedUpstash {
  readonly name: string;
  readonly layout: RedisLayout;
  readonly url: string;
  readonly token: string;
}

/** The most that `maxBytes` may be. */
export const MOST_BYTES = 16 * 1024 * 1024;
const LONGEST_NAMESPACE_SHOWN = 80;

/** @throws TypeError that names the option and the variable, and shows neither address nor token. */
export function resolveUpstash(options: UpstashOptions): ResolvedUpstash {
  requireOptions(options, 'an Upstash store', '{ url, token }, or {} where the environment has them');
  const layout = redisLayout(options);
  const { url, token } = credentials(options);
  return {
    name: checkedName(options.name) ?? `upstash:${layout.namespace.slice(0, LONGEST_NAMESPACE_SHOWN)}`,
    layout,
    url: resolveUrl(url),
    token: resolveToken(token),
  };
}

function resolveUrl(url: unknown): string {
  const refuse = (found: string): TypeError =>
    new TypeError(
      `url is ${found}; allowed is the address of the REST API, https://<name>.upstash.io, as the option url or in ${URL_VARIABLES}`,
    );
  if (url === undefined || url === '') throw refuse('missing');
  if (typeof url !== 'string') throw refuse(describeOption(url));
  if (!URL.canParse(url)) throw refuse('not a URL');
  const { protocol, hostname, username, password, search, hash } = new URL(url);
  if (protocol === 'redis:' || protocol === 'rediss:') {
    throw refuse('that of the Redis protocol and not of the REST API');
  }
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (protocol !== 'https:' && !(protocol === 'http:' && loopback))
    throw refuse('one that does not begin with https://');
  if (username !== '' || password !== '') throw refuse('one that holds a user name or password');
  if (search !== '' || hash !== '') throw refuse('one that holds parameters or a fragment');
  // A line break at its end comes out of files and secrets.
  return url.trim().replace(/\/+$/, '');
}

function resolveToken(token: unknown): string {
  const refuse = (found: string): TypeError =>
    new TypeError(
      `token is ${found}; allowed is the REST token of the Upstash console, as the option token or in ${TOKEN_VARIABLES}`,
    );
  if (token === undefined || token === '') throw refuse('missing');
  if (typeof token !== 'string') throw refuse(describeOption(token));
  // Any other character would end the header, or be refused by the runtime with the token in its message.
  if (!/^[\x21-\x7e]{1,4096}$/.test(token))
    throw refuse('one with spaces, line breaks or other characters that no token has');
  return token;
}
