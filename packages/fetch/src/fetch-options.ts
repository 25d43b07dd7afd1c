import {
  checkedMaxBytes,
  checkedName,
  checkedSwitch,
  describeOption,
  requireFunction,
  requireOptions,
  showOption,
} from '@clarity/flags-core/adapter-kit';
import { headerGiver, type RequestHeaders } from './request-headers.ts';

export type { RequestHeaders } from './request-headers.ts';

export interface FetchSourceOptions {
  /**
   * Address of the document. `https:`; `http:` only on this machine (localhost, 127.0.0.0/8, [::1]) or with
   * `allowHttp`. A query is sent and never shown.
   */
  readonly url: string | URL;
  /** Sent with every request to the origin of `url`, and to no other. Default none. */
  readonly headers?: RequestHeaders;
  /** Short name for health, log, metrics and messages, 1 to 100 characters. Default origin and path of `url`. */
  readonly name?: string;
  /** Largest document in bytes after decompression, 1 to 268,435,456 (256 MB). Default 4,194,304 (4 MB). */
  readonly maxBytes?: number;
  /**
   * Media types accepted besides `application/json` and `*+json`, such as `text/plain`. `text/html` cannot be allowed.
   * Default none.
   */
  readonly contentTypes?: readonly string[];
  /**
   * Accept plain `http:` for any host. Everybody on the way can then read the headers and change the flags. Default
   * false.
   */
  readonly allowHttp?: boolean;
  /** What to send requests with, such as a service binding's `fetch`. Default the runtime's own. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

export interface FetchSettings {
  readonly url: URL;
  readonly name: string;
  readonly maxBytes: number;
  readonly contentTypes: ReadonlySet<string>;
  readonly allowHttp: boolean;
  /**
   * The headers for the origin of `url`. Rejects with a StoreError when the option's function fails or gives something
   * that cannot be sent.
   */
  readonly headers: () => Promise<ReadonlyMap<string, string>>;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
}

const MOST_BYTES = 256 * 1024 * 1024;
const LONGEST_NAME = 100;
const MEDIA_TYPE = /^[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}$/;

/** @throws TypeError or RangeError for a bad option. No message holds a credential or a query. */
export function resolveOptions(options: FetchSourceOptions): FetchSettings {
  requireOptions(options, 'a fetch source', "{ url: 'https://host/flags.json' }");
  const { contentTypes = [], fetch: send } = options;
  const allowHttp = checkedSwitch('allowHttp', options.allowHttp);
  if (send !== undefined) requireFunction('fetch', send, 'the global fetch');
  const url = resolveUrl(options.url, allowHttp);
  const name = checkedName(options.name) ?? shorten(url.origin + url.pathname);
  return {
    url,
    name,
    maxBytes: checkedMaxBytes(options.maxBytes, MOST_BYTES),
    contentTypes: resolveContentTypes(contentTypes),
    allowHttp,
    headers: headerGiver(options.headers, name),
    // Looked up for each request, so that instrumentation installed later sees it.
    fetch: send ?? ((address, init) => fetch(address, init)),
  };
}

function resolveUrl(option: string | URL, allowHttp: boolean): URL {
  if (typeof option !== 'string' && !(option instanceof URL)) {
    throw new TypeError(`url is ${describeOption(option)}; allowed is an https: address`);
  }
  // A copy: the caller may change its URL object later.
  const url = parseUrl(String(option));
  if (url === null) throw new TypeError('url is not an absolute address; allowed is one such as https://host/path');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    // Where a user was written without slashes before it, the protocol is that user, or a secret.
    const shown = url.href.startsWith('//', url.protocol.length) || !url.href.includes('@');
    const found = shown ? `the protocol ${url.protocol}` : 'no https:// before it';
    throw new TypeError(`url has ${found}; allowed is https:`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new TypeError(
      `url (${url.origin}) is one with a user name or password; allowed is one without, and headers: { authorization: ... } instead`,
    );
  }
  if (!isProtected(url, allowHttp)) {
    throw new TypeError(
      `url (${url.origin}) is plain http:, so anybody on the way could change the flags; allowed is https:, or allowHttp: true where the network is trusted`,
    );
  }
  url.hash = '';
  return url;
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/** Whether nobody between us and the server can change the answer, or the user does not mind. */
export function isProtected(url: URL, allowHttp: boolean): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && (allowHttp || isLoopback(url.hostname)));
}

/** The URL parser has brought every spelling of an IPv4 address into four decimal numbers. */
function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

/** Keeps both ends: the host is at the one and the file at the other. */
function shorten(text: string): string {
  if (text.length <= LONGEST_NAME) return text;
  return `${text.slice(0, LONGEST_NAME - 43)}...${text.slice(-40)}`;
}

function resolveContentTypes(option: readonly string[]): ReadonlySet<string> {
  if (!Array.isArray(option))
    throw new TypeError(`contentTypes is ${describeOption(option)}; allowed is an array of media types`);
  return new Set(
    option.map((type: unknown) => {
      if (typeof type !== 'string' || !MEDIA_TYPE.test(type)) {
        throw new TypeError(
          `one of contentTypes is ${showOption(type)}; allowed is a media type without parameters, such as "text/plain"`,
        );
      }
      const lowerCase = type.toLowerCase();
      if (lowerCase === 'text/html' || lowerCase === 'application/xhtml+xml') {
        throw new TypeError(
          `one of contentTypes is "${type}", which log-in and error pages have too; allowed is application/json and its like`,
        );
      }
      return lowerCase;
    }),
  );
}
