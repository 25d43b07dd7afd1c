import {
  checkedDuration,
  describeOption,
  redact,
  requireFunction,
  requireOptions,
  uncached,
} from '@clarity/flags-core/adapter-kit';
import { type KeyValue, keyValues } from './any-value.ts';
import { askedWaitMs } from './asked-wait.ts';

/** How any request reaches the collector. */
export interface PushOptions {
  /** Where the collector listens, such as `https://collector.example/v1/metrics`. */
  readonly url: string | URL;
  /** Sent with each export; never shown. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * What tells this process from others: `service.name`, `service.instance.id`, `deployment.environment.name`. Default
   * none.
   */
  readonly resource?: Readonly<Record<string, string>>;
  /** An export that takes longer is given up, in milliseconds, 1 to 2^31-1. Default 10,000. */
  readonly timeoutMs?: number;
  /** Told why an export failed. Default: none. */
  readonly onError?: (error: Error) => void;
  /** What to send requests with. Default the runtime's own. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/** Why not all of an export was taken, without address or header. */
export interface PushFailure {
  readonly problem: string;
  /**
   * - `unreached`: the collector may take the same later
   * - `refused`: it will not take this
   * - `partial`: it took the rest, and nothing is to be sent again
   */
  readonly kind: 'unreached' | 'refused' | 'partial';
  /** Of a part that it did not take: how many. */
  readonly rejected?: number;
}

export interface Push {
  readonly resource: readonly KeyValue[];
  /** How long a call of `send` takes at most, in milliseconds. */
  readonly timeoutMs: number;
  /** Whether the collector asked for a wait that is not over. */
  readonly isWaiting: () => boolean;
  /** Sends one export; undefined when all of it was taken. Never rejects. */
  readonly send: (request: object) => Promise<PushFailure | undefined>;
  /** Tells `onError`. Never throws. */
  readonly report: (problem: string) => void;
}

/** https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** @throws TypeError or RangeError for a bad option of `whose` */
export function pushTo(whose: string, options: PushOptions): Push {
  requireOptions(options, whose, '{ url }, where the collector listens');
  const { headers = {}, resource = {}, timeoutMs = 10_000, onError } = options;
  const url = checkedUrl(options.url);
  checkHeaders(headers);
  requireTexts('resource', resource);
  checkedDuration('timeoutMs', timeoutMs, 1);
  if (onError !== undefined) requireFunction('onError', onError, '(error) => log(error)');
  if (options.fetch !== undefined) requireFunction('fetch', options.fetch, 'the global fetch');
  const send = options.fetch ?? ((address, init) => fetch(address, init));
  let waitUntilMs = 0;
  return {
    resource: keyValues(resource),
    timeoutMs,
    isWaiting: () => performance.now() < waitUntilMs,
    send: async (request) => {
      try {
        const response = await send(url.href, {
          method: 'POST',
          headers: { ...headers, 'Content-Type': 'application/json' },
          body: JSON.stringify(request),
          // A redirect is not an answer of the collector, and must not get the headers. workerd does not know `error`.
          redirect: 'manual',
          ...uncached(),
          signal: AbortSignal.timeout(timeoutMs),
        });
        const text = await beginningOf(response);
        if (!response.ok) {
          const { status, headers: told } = response;
          const problem = `the collector answered ${status}`;
          if (!RETRYABLE.has(status)) return { problem, kind: 'refused' };
          waitUntilMs = performance.now() + askedWaitMs(told);
          return { problem, kind: 'unreached' };
        }
        return partialSuccess(text);
      } catch (error) {
        const name = error instanceof Error ? error.name : 'unknown error';
        return { problem: `the collector could not be reached: ${name}`, kind: 'unreached' };
      }
    },
    report: (problem) => {
      try {
        onError?.(new Error(problem));
      } catch {
        // What a listener throws stops nothing.
      }
    },
  };
}

/** An answer is short. Of a long one the rest is not waited for. */
async function beginningOf({ body }: Response): Promise<string> {
  if (body === null) return '';
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += decoder.decode(value, { stream: true });
    if (text.length < 4_096) continue;
    reader.cancel().catch(() => {});
    return text.slice(0, 4_096);
  }
}

/**
 * A collector may take a part, and the rest is not to be sent again:
 * https://opentelemetry.io/docs/specs/otlp/#partial-success-1.
 */
function partialSuccess(text: string): PushFailure | undefined {
  try {
    const { partialSuccess: part } = JSON.parse(text) as {
      readonly partialSuccess?: {
        readonly rejectedDataPoints?: string | number;
        readonly rejectedLogRecords?: string | number;
        readonly errorMessage?: unknown;
      };
    };
    const points = Number(part?.rejectedDataPoints ?? 0);
    const rejected = points > 0 ? points : Number(part?.rejectedLogRecords ?? 0);
    if (!(rejected > 0)) return undefined;
    const what = points > 0 ? 'data points' : 'events';
    const given = part?.errorMessage;
    const why = typeof given === 'string' && given !== '' ? redact(given) : 'it gave no reason';
    return {
      problem: `the collector rejected ${rejected} ${what}: ${why}`,
      kind: 'partial',
      rejected,
    };
  } catch {
    return undefined; // An empty answer is a full success.
  }
}

function checkedUrl(given: string | URL): URL {
  const allowed = 'allowed is an address such as https://collector.example/v1/metrics';
  if (typeof given !== 'string' && !(given instanceof URL))
    throw new TypeError(`url is ${describeOption(given)}; ${allowed}`);
  if (!URL.canParse(String(given))) throw new TypeError(`url is not an address; ${allowed}`);
  const url = new URL(String(given));
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new TypeError(`url is one that begins with ${url.protocol}; ${allowed}`);
  if (url.username !== '' || url.password !== '')
    throw new TypeError(`url is one that holds credentials; ${allowed}, with credentials in headers`);
  return url;
}

/** Without a value: it may be a credential. @throws TypeError */
function requireTexts(option: string, members: unknown): asserts members is Readonly<Record<string, string>> {
  if (typeof members !== 'object' || members === null)
    throw new TypeError(`${option} is ${describeOption(members)}; allowed is an object of texts`);
  for (const [name, value] of Object.entries(members)) {
    if (typeof value !== 'string')
      throw new TypeError(`${option}[${JSON.stringify(name)}] is ${describeOption(value)}; allowed is a text`);
  }
}

/** Told now and not by each export: those say no more than that nothing was sent. @throws TypeError */
function checkHeaders(headers: unknown): void {
  requireTexts('headers', headers);
  for (const [name, value] of Object.entries(headers)) {
    try {
      new Headers().append(name, value);
    } catch {
      throw new TypeError(
        `${HEADER_NAME.test(name) ? `headers[${JSON.stringify(name)}]` : 'a name in headers'} is a text that cannot be sent; allowed is visible ASCII`,
      );
    }
  }
}

const HEADER_NAME = /^[\w-]+$/;
