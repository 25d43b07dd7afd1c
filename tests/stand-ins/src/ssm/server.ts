import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FaultQueue, type FaultScope } from '../fault-queue.ts';
import { requestText } from '../request-text.ts';
import { isWireFault, misbehave, type WireFault } from '../wire-fault.ts';
import { arnOf, makeToken, perform, SSM_OPERATIONS, type SsmOperation } from './operations.ts';
import { ParameterStore } from './parameter-store.ts';
import { SsmRefusal } from './refusal.ts';
import { readSignature, type Signed } from './signature.ts';

export interface SsmServerOptions {
  /** Region whose signatures count. Default `us-east-1`. */
  readonly region?: string;
  /** Unix milliseconds of now. Default `Date.now`. */
  readonly now?: () => number;
}

export type SsmFault =
  | WireFault
  /** An error of AWS, such as `ThrottlingException`, with its usual message or this one. */
  | { readonly kind: 'refuse'; readonly type: string; readonly message?: string; readonly status?: number }
  /** The identity lacks the permission for the operation it tries, as IAM words it. */
  | { readonly kind: 'deny' };

/** One request that was understood, with any answer. */
export interface SsmCall {
  readonly operation: SsmOperation;
  readonly body: Readonly<Record<string, unknown>>;
  readonly accessKeyId: string;
  readonly sessionToken: string | undefined;
}

export interface SsmServer {
  /** `http://127.0.0.1:` and the port, for the client's `endpoint`. */
  readonly endpoint: string;
  readonly region: string;
  /** What is stored, past the wire. */
  readonly store: ParameterStore;
  /** Every request that was understood, in order. */
  readonly calls: readonly SsmCall[];
  forgetCalls(): void;
  /** How many connections are open. */
  connections(): Promise<number>;
  /** Puts a fault in force; the function that comes back mends it. */
  fail(fault: SsmFault, scope?: FaultScope<SsmOperation>): () => void;
  /** Runs `hook` once, right before the next call of `operation` is answered: to change something between two pages. */
  before(operation: SsmOperation, hook: () => void | Promise<void>): void;
  /**
   * KMS refuses this key (`alias/aws/ssm` is the account's own) from now on: a call that would decrypt with it fails as
   * a whole.
   */
  refuseKey(keyId: string): void;
  /** From now on only credentials with this access key count; any other is expired. */
  expireAllBut(accessKeyId: string): void;
  /**
   * Requests a second that the account has, with a bucket of as many; what is above is throttled. `undefined`: no
   * limit.
   */
  limitRate(requestsPerSecond: number | undefined): void;
  /** How GetParametersByPath pages: an empty page with a token before each real one, or the same token for ever. */
  pageOddly(oddity: 'empty-pages' | 'repeated-token' | undefined): void;
  /** From now on it does not keep the process alive. */
  unref(): void;
  /** Ends every connection and the server. */
  stop(): Promise<void>;
}

const ACCOUNT_ID = '123456789012';
const LARGEST_BODY = 1_000_000;
const EMPTY_PAGE = 'before:';
const JSON_TYPE = 'application/x-amz-json-1.1';

/**
 * The part of AWS Systems Manager Parameter Store that flags need, on loopback, for the real SDK: AWS JSON 1.1,
 * signature headers, pages, versions, labels, selectors, tiers, and faults to switch. Its differences from the real one
 * are listed in this package's README.
 */
export async function startSsmServer(options: SsmServerOptions = {}): Promise<SsmServer> {
  const { region = 'us-east-1', now = Date.now } = options;
  const store = new ParameterStore();
  const faults = new FaultQueue<SsmFault, SsmOperation>();
  const hooks = new Map<SsmOperation, (() => void | Promise<void>)[]>();
  let calls: SsmCall[] = [];
  const refusedKeys = new Set<string>();
  let validKey: string | undefined;
  let oddity: 'empty-pages' | 'repeated-token' | undefined;
  let rate: { readonly perSecond: number; tokens: number; atMs: number } | undefined;

  function spendToken(): void {
    if (rate === undefined) return;
    const nowMs = now();
    rate.tokens = Math.min(rate.perSecond, rate.tokens + ((nowMs - rate.atMs) / 1000) * rate.perSecond);
    rate.atMs = nowMs;
    if (rate.tokens < 1) throw new SsmRefusal('ThrottlingException');
    rate.tokens -= 1;
  }

  function oddPage(body: Record<string, unknown>): object | undefined {
    const token = body['NextToken'];
    if (oddity === 'repeated-token') return { Parameters: [], NextToken: makeToken('') };
    if (oddity !== 'empty-pages') return undefined;
    const real = typeof token === 'string' && token.startsWith(EMPTY_PAGE);
    if (!real) return { Parameters: [], NextToken: EMPTY_PAGE + (typeof token === 'string' ? token : '') };
    const inner = token.slice(EMPTY_PAGE.length);
    if (inner === '') delete body['NextToken'];
    else body['NextToken'] = inner;
    return undefined;
  }

  async function answerTo(operation: SsmOperation, body: Record<string, unknown>): Promise<object> {
    const hook = hooks.get(operation)?.shift();
    await hook?.();
    const odd = operation === 'GetParametersByPath' ? oddPage(body) : undefined;
    return odd ?? perform(operation, body, { store, region, accountId: ACCOUNT_ID, nowMs: now(), refusedKeys });
  }

  function refuseIdentity({ accessKeyId }: Signed): void {
    if (validKey !== undefined && accessKeyId !== validKey) throw new SsmRefusal('ExpiredTokenException');
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await requestText(request, LARGEST_BODY);
    try {
      const operation = operationOf(request);
      const signed = readSignature(request.headers, region, now());
      const body = parse(text);
      calls.push({ operation, body, accessKeyId: signed.accessKeyId, sessionToken: signed.sessionToken });
      refuseIdentity(signed);
      spendToken();
      const fault = faults.take(operation);
      if (fault?.kind === 'refuse') throw new SsmRefusal(fault.type, fault.message, fault.status);
      if (fault?.kind === 'deny') throw denied(operation, body, region);
      // The store is touched by those faults only that come after it.
      if (fault?.kind === 'hang' || fault?.kind === 'reset') return misbehave(fault, request, response, '', JSON_TYPE);
      const answer = JSON.stringify(await answerTo(operation, { ...body }));
      if (fault !== undefined && isWireFault(fault)) return misbehave(fault, request, response, answer, JSON_TYPE);
      send(response, 200, answer, now());
    } catch (error) {
      const refusal = error instanceof SsmRefusal ? error : new SsmRefusal('InternalServerError', String(error));
      send(response, refusal.status, JSON.stringify({ __type: refusal.type, message: refusal.message }), now());
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  // What a client keeps open must not look like a leak in the process of the tests.
  server.on('connection', (socket) => socket.unref());
  await once(server, 'listening');

  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region,
    store,
    get calls() {
      return calls;
    },
    forgetCalls() {
      calls = [];
    },
    connections: () =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
      }),
    fail: (fault, scope = {}) => faults.add(fault, scope),
    before(operation, hook) {
      hooks.set(operation, [...(hooks.get(operation) ?? []), hook]);
    },
    refuseKey(keyId) {
      refusedKeys.add(keyId);
    },
    expireAllBut(accessKeyId) {
      validKey = accessKeyId;
    },
    limitRate(perSecond) {
      rate = perSecond === undefined ? undefined : { perSecond, tokens: perSecond, atMs: now() };
    },
    pageOddly(next) {
      oddity = next;
    },
    unref() {
      server.unref();
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function operationOf(request: IncomingMessage): SsmOperation {
  const target = String(request.headers['x-amz-target'] ?? '').replace(/^AmazonSSM\./, '');
  const operation = SSM_OPERATIONS.find((one) => one === target);
  const ours = request.method === 'POST' && request.headers['content-type'] === JSON_TYPE;
  if (operation === undefined || !ours) throw new SsmRefusal('UnknownOperationException', '');
  return operation;
}

function parse(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null) return { ...body };
  } catch {
    // Answered below.
  }
  throw new SsmRefusal('SerializationException', 'The request body is not a JSON object.');
}

function denied(operation: SsmOperation, body: Readonly<Record<string, unknown>>, region: string): SsmRefusal {
  const named = body['Name'] ?? body['Path'] ?? (Array.isArray(body['Names']) ? body['Names'][0] : undefined);
  const arn = arnOf(String(named).split(':')[0] ?? '', { region, accountId: ACCOUNT_ID });
  return new SsmRefusal(
    'AccessDeniedException',
    `User: arn:aws:sts::${ACCOUNT_ID}:assumed-role/flags/session is not authorized to perform: ssm:${operation} on resource: ${arn} because no identity-based policy allows the ssm:${operation} action`,
  );
}

function send(response: ServerResponse, status: number, body: string, nowMs: number): void {
  response
    .writeHead(status, {
      'content-type': JSON_TYPE,
      'content-length': Buffer.byteLength(body),
      'x-amzn-requestid': randomUUID(),
      // Clients set their clocks by it.
      date: new Date(nowMs).toUTCString(),
    })
    .end(body);
}
