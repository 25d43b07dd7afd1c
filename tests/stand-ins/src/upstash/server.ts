import type { Redis } from 'ioredis';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FaultQueue, type FaultScope } from '../fault-queue.ts';
import { requestText } from '../request-text.ts';
import { isWireFault, misbehave, type WireFault } from '../wire-fault.ts';
import { type EventStream, startEventStream } from './event-stream.ts';
import { connectRedis, type RestAnswer, runCommand, runTransaction } from './redis-commands.ts';

export interface UpstashServerOptions {
  /** The real Redis behind it, such as `redis://127.0.0.1:6379`. */
  readonly redisUrl: string;
  /** The token that may do everything. Default `test-token`. */
  readonly token?: string;
  /** Largest request body in characters. Default 1,000,000, as the smallest plan has it. */
  readonly maxRequestSize?: number;
}

export type UpstashOperation = 'command' | 'pipeline' | 'multi-exec' | 'subscribe';

export type UpstashFault =
  | WireFault
  /** An error of the API: HTTP status and message, such as 429 and `ERR max requests limit exceeded`. */
  | { readonly kind: 'refuse'; readonly status: number; readonly error: string };

export interface UpstashCall {
  readonly operation: UpstashOperation;
  readonly path: string;
  /** The commands of the request: each of them costs money. A subscription is one. */
  readonly commands: readonly (readonly unknown[])[];
  readonly headers: IncomingHttpHeaders;
}

export interface UpstashServer {
  /** `http://127.0.0.1:` and the port. */
  readonly url: string;
  readonly token: string;
  /** Every request with a valid token, in order. */
  readonly calls: readonly UpstashCall[];
  forgetCalls(): void;
  /** Requests under way: neither answered whole nor given up. */
  readonly pending: number;
  /** Puts a fault in force; the function that comes back mends it. */
  fail(fault: UpstashFault, scope?: FaultScope<UpstashOperation>): () => void;
  /** Streams that are open. */
  readonly streams: number;
  /** Ends all streams without an event (F51). */
  closeStreams(): void;
  /** Keeps all streams open and silent: half-open connections, or notices that get lost. */
  freezeStreams(): void;
  /** Accepts no token any more, or only this one. */
  changeToken(token: string | undefined): void;
  /** Accepts this token, too, for commands that only read. */
  acceptReadOnly(token: string): void;
  /** Ends every connection and the server, and not the Redis behind it. */
  stop(): Promise<void>;
}

const JSON_TYPE = 'application/json';
const WRITES =
  /^(set|del|hset|hdel|eval|evalsha|publish|incr|expire|flushall|flushdb|rename|lpush|rpush|sadd|zadd|xadd)$/i;

/** An answer other than 200 with a result. */
class RestRefusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * The REST API of Upstash in front of a real Redis, on loopback, for the real `@upstash/redis`: single commands in body
 * or path, pipeline, multi-exec, base64, bearer tokens, sync tokens, streams, and faults to switch. Its differences
 * from the real one are listed in this package's README.
 */
export async function startUpstashServer(options: UpstashServerOptions): Promise<UpstashServer> {
  const { redisUrl, maxRequestSize = 1_000_000 } = options;
  const token = options.token ?? 'test-token';
  const redis = connectRedis(redisUrl);
  const faults = new FaultQueue<UpstashFault, UpstashOperation>();
  const streams = new Set<EventStream>();
  let valid: string | undefined = token;
  let readOnlyToken: string | undefined;
  let calls: UpstashCall[] = [];
  let answered = 0;
  let pending = 0;

  async function stream(response: ServerResponse, request: ParsedRequest): Promise<void> {
    const verb = request.verb === 'psubscribe' ? 'psubscribe' : 'subscribe';
    const opened = await startEventStream(redis, response, verb, request.rest);
    streams.add(opened);
    response.once('close', () => streams.delete(opened));
    if (response.closed) streams.delete(opened);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const bearer = authorize(request, valid, readOnlyToken);
      const text = await requestText(request, maxRequestSize).catch(() => {
        throw new RestRefusal(400, `ERR max request size exceeded. Limit: ${maxRequestSize} bytes`);
      });
      const parsed = parse(request, text);
      if (bearer === readOnlyToken) refuseWrites(parsed.commands);
      const { operation, commands, path } = parsed;
      calls.push({ operation, path, commands, headers: request.headers });
      const fault = faults.take(operation);
      if (fault?.kind === 'refuse') throw new RestRefusal(fault.status, fault.error);
      if (fault?.kind === 'hang' || fault?.kind === 'reset') return misbehave(fault, request, response, '', JSON_TYPE);
      if (operation === 'subscribe') {
        return fault === undefined
          ? await stream(response, parsed)
          : misbehave(fault, request, response, 'data: subscribe', 'text/event-stream');
      }
      const { status, body } = await carryOut(redis, parsed, request.headers['upstash-encoding'] === 'base64');
      if (fault !== undefined && isWireFault(fault)) return misbehave(fault, request, response, body, JSON_TYPE);
      answered += 1;
      send(response, status, body, String(answered));
    } catch (error) {
      const refusal =
        error instanceof RestRefusal ? error : new RestRefusal(500, `ERR internal error: ${String(error)}`);
      send(response, refusal.status, JSON.stringify({ error: refusal.message }));
    }
  }

  const server = createServer((request, response) => {
    pending += 1;
    response.once('close', () => {
      pending -= 1;
    });
    handle(request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  // What a client keeps open must not look like a leak in the process of the tests.
  server.on('connection', (socket) => socket.unref());
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    get calls() {
      return calls;
    },
    forgetCalls() {
      calls = [];
    },
    get pending() {
      return pending;
    },
    fail: (fault, scope = {}) => faults.add(fault, scope),
    get streams() {
      return streams.size;
    },
    closeStreams() {
      for (const one of streams) one.close();
    },
    freezeStreams() {
      for (const one of streams) one.freeze();
    },
    changeToken(next) {
      valid = next;
    },
    acceptReadOnly(next) {
      readOnlyToken = next;
    },
    async stop() {
      const closed = once(server, 'close');
      for (const one of streams) one.dispose();
      server.close();
      server.closeAllConnections();
      redis.disconnect();
      await closed;
    },
  };
}

interface ParsedRequest {
  readonly operation: UpstashOperation;
  readonly path: string;
  readonly verb: string;
  readonly rest: readonly string[];
  readonly commands: readonly (readonly unknown[])[];
}

/** The token of the header, or of the parameter `_token`. */
function authorize(request: IncomingMessage, valid: string | undefined, readOnly: string | undefined): string {
  if (!['GET', 'HEAD', 'POST', 'PUT'].includes(request.method ?? ''))
    throw new RestRefusal(405, 'ERR method not allowed');
  const parameter = new URL(`http://localhost${request.url ?? '/'}`).searchParams.get('_token');
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? parameter ?? undefined;
  if (bearer === undefined) throw new RestRefusal(401, 'Unauthorized');
  if (bearer !== valid && bearer !== readOnly) {
    throw new RestRefusal(401, 'WRONGPASS invalid or missing auth token, see https://upstash.com/docs');
  }
  return bearer;
}

function parse(request: IncomingMessage, text: string): ParsedRequest {
  const { pathname, searchParams } = new URL(`http://localhost${request.url ?? '/'}`);
  const [verb = '', ...rest] = pathname.split('/').slice(1).map(decodeURIComponent);
  const place = { path: pathname, verb, rest };
  switch (verb) {
    case 'subscribe':
    case 'psubscribe':
      return { operation: 'subscribe', ...place, commands: [[verb, ...rest]] };
    case 'pipeline':
    case 'multi-exec': {
      const commands = json(text);
      if (!Array.isArray(commands) || !commands.every((one) => Array.isArray(one))) {
        throw new RestRefusal(400, 'ERR failed to parse pipeline request');
      }
      return { operation: verb, ...place, commands: commands as readonly (readonly unknown[])[] };
    }
    case '': {
      const command = json(text);
      if (!Array.isArray(command) || command.length === 0) throw new RestRefusal(400, 'ERR failed to parse command');
      return { operation: 'command', ...place, commands: [command] };
    }
    default: {
      const parameters = [...searchParams].flatMap(([name, value]) =>
        name === '_token' ? [] : value === '' ? [name] : [name, value],
      );
      const command = [verb, ...rest, ...(text === '' ? [] : [text]), ...parameters];
      return { operation: 'command', ...place, commands: [command] };
    }
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RestRefusal(400, 'ERR failed to parse request body');
  }
}

function refuseWrites(commands: readonly (readonly unknown[])[]): void {
  const write = commands.find(([name]) => WRITES.test(String(name)));
  if (write === undefined) return;
  throw new RestRefusal(400, `NOPERM this user has no permissions to run the '${String(write[0])}' command`);
}

async function carryOut(
  redis: Redis,
  { operation, commands }: ParsedRequest,
  base64: boolean,
): Promise<{ status: number; body: string }> {
  if (operation === 'pipeline') {
    const answers: RestAnswer[] = [];
    for (const command of commands) answers.push(await runCommand(redis, command, base64));
    return { status: 200, body: JSON.stringify(answers) };
  }
  const answer =
    operation === 'multi-exec'
      ? await runTransaction(redis, commands, base64)
      : await runCommand(redis, commands[0] ?? [], base64);
  return { status: 'error' in answer ? 400 : 200, body: JSON.stringify(answer) };
}

function send(response: ServerResponse, status: number, body: string, syncToken?: string): void {
  response
    .writeHead(status, {
      'content-type': JSON_TYPE,
      'content-length': Buffer.byteLength(body),
      ...(syncToken !== undefined && { 'upstash-sync-token': syncToken }),
    })
    .end(body);
}
