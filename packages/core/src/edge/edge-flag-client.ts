import { checkedDuration, describeOption } from '../adapter-kit/adapter-options.ts';
import { leastStaleAfterMs } from '../refresh/bound.ts';
import type { Freshness } from '../refresh/freshness.ts';
import type { RefreshResult } from '../refresh/protocol.ts';
import { DEFAULT_SETTINGS, type Settings } from '../refresh/settings.ts';
import { loadBootstrap } from '../drivers/readings.ts';
import { decodeDocument } from '../document/decode.ts';
import { DEFAULT_MAX_BYTES } from '../document/is-larger.ts';
import { shownRevision } from '../document/revision.ts';
import type { FlagDocument, FlagValue, SetAside } from '../document/types.ts';
import type { EvaluationContext } from '../evaluation/context.ts';
import type { Answer, EvaluationDetails } from '../evaluation/details.ts';
import { type AllOptions, Evaluator } from '../evaluation/evaluator.ts';
import type { SnapshotCache } from '../ports/snapshot-cache.ts';
import type { FlagSource } from '../ports/source.ts';
import { type InRequestDriver, makeInRequestDriver } from '../drivers/in-request.ts';
import type { EdgeSignals } from './signals.ts';

/** Options of `createEdgeFlagClient`. Durations are milliseconds from 1 to 2^31-1. */
export interface EdgeFlagClientOptions {
  /**
   * One source, or several in their order, as a list or as `fallback([first, second])`: the next is asked when one is
   * down.
   */
  readonly source: FlagSource | readonly FlagSource[] | { readonly sources: readonly FlagSource[] };
  /** Keeps the last known good document for other isolates: Cache API, KV. */
  readonly cache?: SnapshotCache;
  /** A flag document to start with, as a value or as its text. */
  readonly bootstrap?: string | object;
  /** A request that finds the flags older than this has them verified behind its answer. Default 30 s. */
  readonly revalidateAfterMs?: number;
  /** The age at which flags are stale. Default 5 min. */
  readonly staleAfterMs?: number;
  /** The one deadline of a refresh. Default 5 s. */
  readonly timeoutMs?: number;
  /**
   * Log and metrics: `edgeSignals` of `@clarity/flags-core/edge-signals`. Default: none; `freshness()` says how things
   * stand.
   */
  readonly signals?: EdgeSignals;
  /** The largest document that is accepted, in bytes of UTF-8. Default 4 MB. */
  readonly maxDocumentBytes?: number;
}

/** Details with the revision that was served and how far it can be trusted. */
export interface EdgeEvaluationDetails<T extends FlagValue | null = FlagValue> extends EvaluationDetails<T> {
  /** As text, or null without a document. */
  readonly revision: string | null;
  readonly freshness: Freshness['state'];
}

/** What keeps a request's work alive after its answer was sent. */
export interface RequestContext {
  waitUntil(promise: Promise<unknown>): void;
}

/**
 * A client for runtimes without a background: request-scoped workers and functions. It is made at module scope without
 * any I/O, answers from what it has, and verifies its flags within requests.
 */
export interface EdgeFlagClient {
  isEnabled(key: string, context?: EvaluationContext, fallback?: boolean): boolean;
  /** With null as the fallback a value of any type is given, and null in place of the fallback. */
  value<T extends FlagValue | null>(key: string, context: EvaluationContext | undefined, fallback: T): Answer<T>;
  details<T extends FlagValue | null>(
    key: string,
    context: EvaluationContext | undefined,
    fallback: T,
  ): EdgeEvaluationDetails<Answer<T>>;
  all(context?: EvaluationContext, options?: AllOptions): Readonly<Record<string, FlagValue>>;
  /** The same with details, of any type: null is the value of flags that would serve the caller's fallback. */
  allDetails(
    context?: EvaluationContext,
    options?: AllOptions,
  ): Readonly<Record<string, EdgeEvaluationDetails<FlagValue | null>>>;
  /**
   * Call it in every request: has the flags verified if they are due, behind the answer. Never waits, and throws only
   * what `waitUntil` throws.
   */
  revalidate(request?: RequestContext): void;
  /**
   * Resolves when a source has verified flags, or after `timeoutMs` (default 1,000) without them. Never rejects; says
   * which.
   */
  ready(options?: { readonly timeoutMs?: number }): Promise<boolean>;
  /** Reads the store now. Never rejects, and answers within two deadlines. */
  refresh(options?: { readonly force?: boolean }): Promise<RefreshResult>;
  freshness(): Freshness;
  /** What there is to say beside freshness. */
  facts(): EdgeFacts;
  /** The flag document that is served, decoded: to show or describe flags, not to be changed. */
  document(): FlagDocument | undefined;
}

export interface EdgeFacts {
  /** Compiled flags in memory. */
  readonly cacheSize: number;
  /** Flags of the served document that this version cannot read; their fallback is served. */
  readonly setAside: readonly SetAside[];
  /** Errors that sink and logger threw so far. */
  readonly isolatedErrors: number;
}

/** Deadline and slack of a caller who waits for a flight that another request owns. */
const WAIT_SLACK_MS = 250;

/**
 * @throws RangeError when a duration cannot be used, or flags would be stale while everything works
 * @throws TypeError when source, cache or signals is something else, or the bootstrap is not a flag document
 */
export function createEdgeFlagClient(options: EdgeFlagClientOptions): EdgeFlagClient {
  const { source, cache, signals } = options ?? {};
  const sources = [(source as { readonly sources?: readonly FlagSource[] })?.sources ?? (source as FlagSource)].flat();
  demand(
    sources.length > 0 && sources.every((one) => offers(one, 'read')),
    'source',
    source,
    'a flag source, or several',
  );
  demand(cache === undefined || offers(cache, 'load', 'save'), 'cache', cache, 'an object with load and save');
  demand(signals === undefined || offers(signals, 'tell'), 'signals', signals, 'what edgeSignals() gives');
  const settings = settingsOf(options, sources);
  signals?.warnOf(options);
  const { maxDocumentBytes: maxBytes = DEFAULT_MAX_BYTES } = options;
  // The decoder of servers: a document has one answer, wherever it is asked (F92).
  const decode = (text: string) => decodeDocument(text, { maxBytes });
  const bootstrap = loadBootstrap(options.bootstrap, decode, (problems) => {
    throw new TypeError(problems.join('\n'));
  });

  let evaluator: Evaluator | undefined;
  const driver: InRequestDriver = makeInRequestDriver({
    settings,
    sources,
    cache,
    bootstrap,
    decode,
    now: () => ({
      monotonicMs: performance.now(),
      wallMs: Date.now(),
      bootMs: undefined,
      random: randomOutsideRequests(),
    }),
    changed: ({ served }, before) => {
      if (served === undefined || served.document === before.served?.document) return;
      const now = () => Date.now() + (driver.state().clockOffsetMs ?? 0);
      evaluator = new Evaluator(served.document, { now }, signals?.tally, signals?.doubts);
    },
    signals: signals?.decisions,
    tell: (command) => signals?.tell(command),
  });

  const within = (work: Promise<unknown>, ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      void work.finally(done);
    });

  const standing = () => {
    const { revision, state } = driver.freshness();
    return { revision: shownRevision(revision), freshness: state };
  };

  return {
    isEnabled: (key, context, fallback = false) => evaluator?.isEnabled(key, context, fallback) ?? fallback,
    value: (key, context, fallback) => (evaluator?.value(key, context, fallback) ?? fallback) as never,
    details: (key, context, fallback) => {
      const details = evaluator?.details(key, context, fallback) ?? {
        flagKey: key,
        value: fallback,
        reason: 'ERROR' as const,
        errorCode: 'PROVIDER_NOT_READY' as const,
      };
      return { ...details, ...standing() } as never;
    },
    all: (context, which) => evaluator?.all(context, which) ?? {},
    allDetails: (context, which) => {
      const details = Object.create(null) as Record<string, EdgeEvaluationDetails<FlagValue | null>>;
      const now = standing();
      for (const [key, one] of Object.entries(evaluator?.allDetails(context, which) ?? {}))
        details[key] = { ...one, ...now };
      return details;
    },
    revalidate: (request) => {
      driver.touch();
      const flight = driver.flight();
      if (flight !== undefined) request?.waitUntil(within(flight, settings.timeoutMs + WAIT_SLACK_MS));
    },
    ready: async ({ timeoutMs = 1_000 } = {}) => {
      driver.touch();
      const flight = driver.flight();
      if (driver.state().verifiedAt === undefined && flight !== undefined) await within(flight, timeoutMs);
      return driver.state().verifiedAt !== undefined;
    },
    refresh: async ({ force = false } = {}) => {
      const result = driver.refresh(force);
      const ended: RefreshResult = { ok: false, reason: 'timeout', message: 'no answer within two deadlines' };
      return Promise.race([result, within(result, 2 * settings.timeoutMs + WAIT_SLACK_MS).then(() => ended)]);
    },
    freshness: () => driver.freshness(),
    document: () => driver.state().served?.document,
    facts: () => ({
      cacheSize: evaluator?.cacheSize ?? 0,
      setAside: driver.state().served?.document.setAside ?? [],
      isolatedErrors: signals?.isolatedErrors ?? 0,
    }),
  };
}

function demand(fits: boolean, option: string, given: unknown, allowed: string): void {
  if (!fits) throw new TypeError(`${option} is ${describeOption(given)}; allowed is ${allowed}`);
}

function offers(value: unknown, ...methods: readonly string[]): boolean {
  return methods.every((method) => typeof (value as Readonly<Record<string, unknown>> | null)?.[method] === 'function');
}

/** At module scope some runtimes have no random numbers yet; nothing that is decided there needs one. */
function randomOutsideRequests(): number {
  try {
    return Math.random();
  } catch {
    return 0.5;
  }
}

function settingsOf(options: EdgeFlagClientOptions, sources: readonly FlagSource[]): Settings {
  const duration = (name: 'revalidateAfterMs' | 'staleAfterMs' | 'timeoutMs', byDefault: number): number =>
    checkedDuration(name, options[name] ?? byDefault, 1);
  const settings: Settings = {
    ...DEFAULT_SETTINGS,
    mode: 'periodic',
    intervalMs: duration('revalidateAfterMs', 30_000),
    staleAfterMs: duration('staleAfterMs', 300_000),
    timeoutMs: duration('timeoutMs', DEFAULT_SETTINGS.timeoutMs),
    sources: sources.map(({ name }) => name),
    feed: undefined,
    hasCache: options.cache !== undefined,
    background: false,
  };
  const leastMs = leastStaleAfterMs(settings);
  if (leastMs !== undefined) {
    throw new RangeError(
      `staleAfterMs is ${settings.staleAfterMs}, with which flags would be stale while everything works; allowed is more than ${leastMs} ms`,
    );
  }
  return settings;
}
