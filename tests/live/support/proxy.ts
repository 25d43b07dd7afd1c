// A TCP proxy that can be slow, silent or broken, in front of one real server. Faults apply to open connections and to
// new ones alike, from the call on.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { listenOnFreshPort } from './fresh-port.ts';

export interface Upstream {
  /** Default 127.0.0.1. */
  readonly host?: string;
  readonly port: number;
}

export interface TcpProxy {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Connections that clients have open at this moment. */
  readonly open: () => number;
  /** Connections accepted since the start, refused ones included. */
  readonly accepted: () => number;
  /** Resolves at the next connection of a client. Ask before causing it. */
  readonly nextConnection: () => Promise<void>;
  /** Resolves when the client sends its next bytes, even if they are then lost. Ask before causing it. */
  readonly nextRequest: () => Promise<void>;
  /** Resolves when the next connection of a client is closed, by either side. Ask before causing it. */
  readonly nextClose: () => Promise<void>;
  /** Resolves once no client has a connection open. A pool may keep a spare one: after `cut` there is none. */
  readonly idle: () => Promise<void>;

  /** Resets every open connection, once. New ones are welcome. */
  readonly cut: () => void;
  /** The server is gone: open connections are reset, and nothing listens on the port until `mend` (ECONNREFUSED). */
  readonly down: () => Promise<void>;
  /** Connections are accepted and reset at once until `mend`; those already open stay. */
  readonly refuse: () => void;
  /**
   * The server is stopped (SIGSTOP): connections are accepted, nothing passes either way. After `mend` all of it
   * arrives.
   */
  readonly freeze: () => void;
  /**
   * The cable is pulled: bytes and closes vanish both ways until `mend`, and connections made so far stay dead even
   * then, without a word (half-open TCP).
   */
  readonly drop: () => void;
  /**
   * Each connection is over once this many bytes from the server have passed, those before the call included: by a
   * reset (default), which may swallow bytes that the client has not read yet, or by an end that looks like the
   * server's own.
   */
  readonly cutAfter: (bytes: number, by?: 'reset' | 'end') => void;
  /** What the server sends arrives in pieces of `bytes`, with `everyMs` before each. */
  readonly trickle: (bytes: number, everyMs: number) => void;
  /** Each read from a socket is passed on after this many milliseconds. */
  readonly delay: (ms: number) => void;
  /** Ends all of the above but `cut`. */
  readonly mend: () => Promise<void>;
  /** Ends connections and listening. Idempotent. */
  readonly stop: () => Promise<void>;
}

type Flow = 'pass' | 'frozen' | 'dropped';

interface Faults {
  flow: Flow;
  refuse: boolean;
  delayMs: number;
  cutAfter: number;
  cutBy: 'reset' | 'end';
  trickle: { readonly bytes: number; readonly everyMs: number } | undefined;
}

const SOUND: Readonly<Faults> = {
  flow: 'pass',
  refuse: false,
  delayMs: 0,
  cutAfter: Number.POSITIVE_INFINITY,
  cutBy: 'reset',
  trickle: undefined,
};

/** One connection of a client and the one that it causes to the server. */
interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  /** Set for good by `drop`. */
  dead: boolean;
  fromServer: number;
}

export async function startProxy(upstream: Upstream): Promise<TcpProxy> {
  const faults: Faults = { ...SOUND };
  const clients = new Set<Socket>();
  const pairs = new Set<Pair>();
  const changed = signalled();
  const connected = signalled();
  const requested = signalled();
  const left = signalled();
  let accepted = 0;
  let stopped = false;

  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, welcome);
  const port = await listenOnFreshPort(server);

  function welcome(client: Socket): void {
    accepted += 1;
    clients.add(client);
    // What a client keeps open must not count as the tests' own.
    client
      .unref()
      .on('error', () => undefined)
      .once('close', () => {
        clients.delete(client);
        left.happen();
      });
    connected.happen();
    if (faults.refuse) {
      abort(client);
      return;
    }
    const socket = connect({ port: upstream.port, host: upstream.host ?? '127.0.0.1', allowHalfOpen: true });
    socket.unref().on('error', () => undefined);
    const pair: Pair = { client, server: socket, dead: faults.flow === 'dropped', fromServer: 0 };
    pairs.add(pair);
    void Promise.all([pump(pair, client, socket), pump(pair, socket, client)]).finally(() => pairs.delete(pair));
  }

  /** Carries what `from` sends to `to`, its end included, under the faults of each moment. */
  async function pump(pair: Pair, from: Socket, to: Socket): Promise<void> {
    const byServer = from === pair.server;
    const gone = new Promise<void>((resolve) => {
      to.once('close', resolve);
    });
    try {
      // Either side may end its half and still read.
      for await (const chunk of from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        if (!byServer) requested.happen();
        for (const piece of pieces(chunk, byServer)) {
          const waitMs = byServer && faults.trickle !== undefined ? faults.trickle.everyMs : faults.delayMs;
          if (waitMs > 0) await Promise.race([wait(waitMs), gone]);
          if (!(await passable(pair, to))) continue;
          if (byServer && pair.fromServer + piece.length > faults.cutAfter) {
            to.write(piece.subarray(0, Math.max(0, faults.cutAfter - pair.fromServer)), () => {
              if (faults.cutBy === 'reset') reset(pair);
              else end(pair);
            });
            return;
          }
          if (byServer) pair.fromServer += piece.length;
          if (!to.write(piece)) await Promise.race([drained(to), gone]);
        }
      }
      if (await passable(pair, to)) to.end();
    } catch {
      if (await passable(pair, to)) abort(to);
    }
  }

  function* pieces(chunk: Buffer, byServer: boolean): Generator<Buffer> {
    let at = 0;
    while (at < chunk.length) {
      const size = byServer && faults.trickle !== undefined ? faults.trickle.bytes : chunk.length - at;
      yield chunk.subarray(at, at + size);
      at += size;
    }
  }

  /** Waits while frozen. False when what comes now must vanish. */
  async function passable(pair: Pair, to: Socket): Promise<boolean> {
    while (faults.flow === 'frozen' && !stopped) await changed.next();
    return !pair.dead && !to.destroyed;
  }

  function set(change: Partial<Faults>): void {
    Object.assign(faults, change);
    if (faults.flow === 'dropped') for (const pair of pairs) pair.dead = true;
    changed.happen();
  }

  function cut(): void {
    for (const client of clients) abort(client);
    for (const pair of pairs) reset(pair);
  }

  return {
    host: '127.0.0.1',
    port,
    open: () => clients.size,
    accepted: () => accepted,
    nextConnection: connected.next,
    nextRequest: requested.next,
    nextClose: left.next,
    idle: async () => {
      while (clients.size > 0) await left.next();
    },
    cut,
    down: async () => {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
    refuse: () => set({ refuse: true }),
    freeze: () => set({ flow: 'frozen' }),
    drop: () => set({ flow: 'dropped' }),
    cutAfter: (bytes, by = 'reset') => set({ cutAfter: bytes, cutBy: by }),
    trickle: (bytes, everyMs) => set({ trickle: { bytes, everyMs } }),
    delay: (ms) => set({ delayMs: ms }),
    mend: async () => {
      set(SOUND);
      if (server.listening || stopped) return;
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    stop: async () => {
      if (stopped) return;
      stopped = true;
      changed.happen();
      const closed = server.listening ? once(server, 'close') : undefined;
      server.close(() => undefined);
      cut();
      await closed;
    },
  };
}

/**
 * Sends RST. Node's `resetAndDestroy` waits for what is still to be written or connected, and on a socket that is
 * ending it leaks the handle; such a socket is destroyed without ceremony.
 */
function abort(socket: Socket): void {
  if (socket.connecting || socket.writableEnded || socket.writableLength > 0) socket.destroy();
  else socket.resetAndDestroy();
}

function reset({ client, server }: Pair): void {
  abort(client);
  abort(server);
}

function end({ client, server }: Pair): void {
  client.end();
  server.destroy();
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('drain', resolve);
  });
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Something that happens again and again, and can be waited for each time. */
function signalled(): { readonly happen: () => void; readonly next: () => Promise<void> } {
  const waiting: (() => void)[] = [];
  return {
    happen: () => {
      for (const wake of waiting.splice(0)) wake();
    },
    next: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
      }),
  };
}
