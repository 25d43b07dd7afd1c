// A real HTTP(S) server that serves one document, as a web server or a bucket would, and goes wrong on command.
import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import { listenOnFreshPort } from './fresh-port.ts';

/** How requests are answered while it is in force; `serve` gives the document after all. */
export type Answering = (request: IncomingMessage, response: ServerResponse, serve: () => void) => void;

export interface SeenRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The status it was answered with; 0 while it is not. */
  readonly status: number;
}

export interface HttpStore {
  readonly port: number;
  /** `http://127.0.0.1:port`, or `https://localhost:port`. */
  readonly origin: string;
  /** Address of the document. */
  readonly url: string;
  /** Every request so far, oldest first. */
  readonly requests: readonly SeenRequest[];
  /** Resolves with the next request when it arrives. Ask before causing it. */
  readonly nextRequest: () => Promise<SeenRequest>;
  /** Resolves when the next answer is sent whole, or its connection is gone. Ask before causing it. */
  readonly nextAnswer: () => Promise<SeenRequest>;
  /** Puts the document, as a publisher would. `modifiedAtMs` (default now) becomes Last-Modified. */
  readonly put: (
    text: string | Uint8Array,
    options?: { readonly modifiedAtMs?: number; readonly etag?: string },
  ) => void;
  readonly remove: () => void;
  /** From now on requests are answered like this, until `mend`. */
  readonly answer: (answering: Answering) => void;
  /** From now on requests need this bearer token. */
  readonly requireToken: (token: string | undefined) => void;
  readonly mend: () => void;
  /** Serves HTTPS with another certificate from now on. */
  readonly certify: (certificate: TlsCertificate) => void;
  /** Connections that are open. */
  readonly open: () => number;
  readonly stop: () => Promise<void>;
}

/** Key and certificate in PEM. */
export interface TlsCertificate {
  readonly key: string;
  readonly cert: string;
}

export interface HttpStoreOptions {
  /** Serve HTTPS with this certificate. */
  readonly tls?: TlsCertificate;
  /** Which validators to send. Default both. */
  readonly validators?: 'both' | 'etag' | 'last-modified' | 'none';
  readonly contentType?: string;
  /** Path of the document. Default `/flags.json`. */
  readonly path?: string;
}

interface Stored {
  readonly bytes: Uint8Array;
  readonly etag: string;
  readonly modifiedAtMs: number;
}

export async function startHttpStore(options: HttpStoreOptions = {}): Promise<HttpStore> {
  const { tls, validators = 'both', contentType = 'application/json', path = '/flags.json' } = options;
  const events = new EventEmitter();
  const requests: { url: string; headers: IncomingHttpHeaders; status: number }[] = [];
  let stored: Stored | undefined;
  let answering: Answering | undefined;
  let token: string | undefined;

  const listener: RequestListener = (request, response) => {
    const seen = { url: request.url ?? '', headers: request.headers, status: 0 };
    requests.push(seen);
    response.once('close', () => {
      seen.status = response.headersSent ? response.statusCode : 0;
      events.emit('answer', seen);
    });
    events.emit('request', seen);
    if (answering === undefined) serve(request, response);
    else answering(request, response, () => serve(request, response));
  };

  function serve(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url ?? '/', 'http://store');
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
      response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
      return;
    }
    if (stored === undefined || pathname !== path) {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not Found</h1>');
      return;
    }
    const lastModified = new Date(stored.modifiedAtMs).toUTCString();
    if (validators === 'both' || validators === 'etag') response.setHeader('etag', stored.etag);
    if (validators === 'both' || validators === 'last-modified') response.setHeader('last-modified', lastModified);
    const { 'if-none-match': tags, 'if-modified-since': since } = request.headers;
    const same =
      tags !== undefined
        ? tags === stored.etag
        : since !== undefined && Math.floor(stored.modifiedAtMs / 1000) * 1000 <= Date.parse(since);
    if (same) {
      response.writeHead(304).end();
      return;
    }
    response.writeHead(200, { 'content-type': contentType, 'content-length': stored.bytes.length });
    response.end(stored.bytes);
  }

  const server = tls === undefined ? createServer(listener) : createTlsServer({ ...tls }, listener);
  // What a client keeps open must not keep the process of the tests.
  server.on('connection', (socket) => socket.unref());
  server.on('tlsClientError', () => undefined);
  const connections = countConnections(server);
  const port = await listenOnFreshPort(server);
  const origin = tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`;

  return {
    port,
    origin,
    url: origin + path,
    requests,
    nextRequest: () => next(events, 'request'),
    nextAnswer: () => next(events, 'answer'),
    put: (text, { modifiedAtMs = Date.now(), etag } = {}) => {
      const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
      const tag = etag ?? `"${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}"`;
      stored = { bytes, etag: tag, modifiedAtMs };
    },
    remove: () => {
      stored = undefined;
    },
    answer: (how) => {
      answering = how;
    },
    requireToken: (required) => {
      token = required;
    },
    mend: () => {
      answering = undefined;
    },
    certify: (certificate) => {
      if (!(server instanceof TlsServer)) throw new Error('this store serves no HTTPS');
      server.setSecureContext({ ...certificate });
    },
    open: connections,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function countConnections(server: Server): () => number {
  let open = 0;
  server.on('connection', (socket) => {
    open += 1;
    socket.once('close', () => {
      open -= 1;
    });
  });
  return () => open;
}

async function next(events: EventEmitter, name: string): Promise<SeenRequest> {
  const [seen] = (await once(events, name)) as [SeenRequest];
  return seen;
}
