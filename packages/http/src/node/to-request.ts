import type { IncomingMessage } from 'node:http';

// A registered name or IPv4 address, or an IPv6 address in brackets, with or without a port. The rest is an attempt at something.
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

export interface BodyLimit {
  readonly maxBytes: number;
  /** Called once when a body turns out to be longer; reading it then fails. */
  readonly onExceeded: () => void;
}

/**
 * The web `Request` for what Node received. Its body is read from the socket only as far as somebody reads it.
 *
 * @throws {TypeError} when the target is no address, or the method is one that a `Request` cannot carry (TRACE, CONNECT).
 */
export function toRequest(incoming: IncomingMessage, signal: AbortSignal, limit: BodyLimit): Request {
  const method = incoming.method ?? 'GET';
  const init: RequestInit & { duplex?: 'half' } = { method, headers: toHeaders(incoming), signal };
  if (method !== 'GET' && method !== 'HEAD' && hasBody(incoming)) {
    init.body = incoming.readableDidRead ? readBefore(incoming, limit) : boundedBody(incoming, limit);
    init.duplex = 'half';
  }
  return new Request(toUrl(incoming), init);
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
  if (!target.startsWith('/')) return new URL(target);
  const scheme = 'encrypted' in incoming.socket ? 'https' : 'http';
  const host = incoming.headers.host ?? incoming.headers[':authority'];
  // Put together as text: parsed against a base, `//elsewhere/path` would name another host.
  const named = typeof host === 'string' && HOST.test(host) ? `${scheme}://${host}${target}` : '';
  return new URL(URL.canParse(named) ? named : `${scheme}://localhost${target}`);
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
