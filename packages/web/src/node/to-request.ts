import type { IncomingMessage } from 'node:http';
import { spelledPath } from '../routing/spelled-path.ts';

// A registered name or IPv4 address, or an IPv6 address in brackets, with or without a port. The rest is an attempt at
// something.
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

export interface BodyLimit {
  readonly maxBytes: number;
  /** Called once when a body turns out to be longer; reading it then fails. */
  readonly onExceeded: () => void;
}

/**
 * The web `Request` for what Node received. Its body is read from the socket only as far as somebody reads it.
 * Undefined for a path that a URL parser reads as another than was typed: what judged it on the way here judged another
 * path.
 *
 * @throws {TypeError} when the target is no address, or the method is one that a `Request` cannot carry (TRACE,
 * CONNECT).
 */
export function toRequest(incoming: IncomingMessage, signal: AbortSignal, limit: BodyLimit): Request | undefined {
  const url = toUrl(incoming);
  if (spelledPath(incoming.url ?? '/') !== url.pathname || lostSlash(incoming)) return undefined;
  const method = incoming.method ?? 'GET';
  const init: RequestInit & { duplex?: 'half' } = { method, headers: toHeaders(incoming), signal };
  if (method !== 'GET' && method !== 'HEAD' && hasBody(incoming)) {
    init.body = incoming.readableDidRead ? readBefore(incoming, limit) : boundedBody(incoming, limit);
    init.duplex = 'half';
  }
  return new Request(url, init);
}

/** The length that the request states for its body; undefined when it states none. */
export function statedLength(incoming: IncomingMessage): number | undefined {
  const stated = incoming.headers['content-length'];
  return stated === undefined ? undefined : Number(stated);
}

function hasBody(incoming: IncomingMessage): boolean {
  // HTTP/2 needs neither header: what comes is known when it has ended.
  if (incoming.httpVersionMajor >= 2) return statedLength(incoming) !== 0;
  return incoming.headers['transfer-encoding'] !== undefined || (statedLength(incoming) ?? 0) > 0;
}

function toUrl(incoming: IncomingMessage): URL {
  const target = incoming.url ?? '/';
  if (!target.startsWith('/')) return wholeAddress(target);
  const scheme = 'encrypted' in incoming.socket ? 'https' : 'http';
  const host = incoming.headers.host ?? incoming.headers[':authority'];
  // Put together as text: parsed against a base, `//elsewhere/path` would name another host.
  const named = typeof host === 'string' && HOST.test(host) ? `${scheme}://${host}${target}` : '';
  return new URL(URL.canParse(named) ? named : `${scheme}://localhost${target}`);
}

/** The form of a target that proxies are asked with, and that every server has to take. */
function wholeAddress(target: string): URL {
  const host = /^https?:\/\/([^/?#]*)/i.exec(target)?.[1] ?? '';
  if (!HOST.test(host)) throw new TypeError('the target is neither a path nor the address of a web page');
  return new URL(target);
}

/**
 * Express 4 takes one slash too many off `/mounted//path`, and leaves `/path` as if it had been asked for
 * `/mounted/path`.
 */
function lostSlash({ url = '/', originalUrl }: IncomingMessage & { readonly originalUrl?: unknown }): boolean {
  return typeof originalUrl === 'string' && originalUrl !== url && originalUrl.endsWith(`/${url}`);
}

function toHeaders(incoming: IncomingMessage): Headers {
  const headers = new Headers();
  const raw = incoming.rawHeaders;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] as string;
    // HTTP/2 puts method and path among the headers, under names that begin with a colon.
    if (!name.startsWith(':')) headers.append(name, raw[at + 1] as string);
  }
  return headers;
}

/** What is left of a body that another handler has read, such as Express's `express.json()`. */
function readBefore(
  incoming: IncomingMessage & { readonly body?: unknown },
  limit: BodyLimit,
): NonNullable<RequestInit['body']> {
  const text = textOf(incoming.body);
  if (text === undefined) {
    return new ReadableStream({
      start: (controller) =>
        controller.error(new Error('the body was read before it got here; put these routes before what reads bodies')),
    });
  }
  if (Buffer.byteLength(text) > limit.maxBytes) limit.onExceeded();
  return text;
}

/** Undefined for what has no text: nothing at all, a function, what refers to itself. */
function textOf(body: unknown): string | Uint8Array<ArrayBuffer> | undefined {
  if (typeof body === 'string' || body instanceof Uint8Array) return body as string | Uint8Array<ArrayBuffer>;
  try {
    return JSON.stringify(body);
  } catch {
    return undefined;
  }
}

function boundedBody(incoming: IncomingMessage, limit: BodyLimit): ReadableStream<Uint8Array> {
  // Giving up on the body must not cut the connection: the answer still has to go out on it.
  const chunks: AsyncIterator<Uint8Array> = incoming.iterator({ destroyOnReturn: false });
  let bytes = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done === true) {
          controller.close();
          return;
        }
        bytes += value.byteLength;
        if (bytes <= limit.maxBytes) {
          controller.enqueue(value);
          return;
        }
        limit.onExceeded();
        controller.error(new RangeError(`the request's body is longer than ${limit.maxBytes} bytes`));
        await chunks.return?.();
      },
      async cancel() {
        await chunks.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
