import type { Announcement, LogEntry, LogLevel, RefreshResult } from '../refresh/protocol.ts';
import type { BreakerStateName, Freshness } from '../refresh/freshness.ts';
import type { Decode } from '../drivers/readings.ts';
import type { Loaded } from '../refresh/snapshot.ts';
import type { State } from '../refresh/state.ts';
import { shownRevision } from '../document/revision.ts';
import type { FlagDocument, FlagValue } from '../document/types.ts';
import { LONGEST_TIMEOUT_MS } from '../ports/longest-timeout.ts';
import type { BeginSpan } from '../drivers/parts.ts';
import type { DriverRunner, RunningDriver } from '../drivers/running-driver.ts';
import type { EvaluationContext } from '../evaluation/context.ts';
import type { Answer } from '../evaluation/details.ts';
import { Evaluator } from '../evaluation/evaluator.ts';
import { ToldDoubts } from '../evaluation/told-doubts.ts';
import { setClientGauges } from '../metrics/client-gauges.ts';
import { Interceptors } from './answers/interceptors.ts';
import { DRIVER } from './driver-of.ts';
import { checkHook, checkListener, checkLogLevel, checkOverride } from './options/call-arguments.ts';
import type { ClientEvents } from './events/events.ts';
import type { ClientEvaluationDetails, PinnedFlags } from './answers/flag-evaluations.ts';
import type { FlagClient, ReadyOptions } from './flag-client.ts';
import { EvaluationCounts } from '../metrics/evaluation-counts.ts';
import { type ExposureCounts, Exposures } from './answers/exposures.ts';
import { FlagReader } from './answers/flag-reader.ts';
import { type Health, healthOf } from './health.ts';
import type { Hook } from '../ports/hook.ts';
import { doubtLog } from './events/doubt-log.ts';
import { Isolation } from './events/isolation.ts';
import { Listeners } from './events/listeners.ts';
import type { FlagClientOptions } from './options/options.ts';
import { type ActiveOverride, type OverrideOptions, Overrides } from './answers/overrides.ts';
import { pinnedFlags } from './answers/pinned-flags.ts';
import { placed } from './answers/placed.ts';
import { eventNow } from './events/event-now.ts';
import { NotReadyError, Readiness, readyOptions } from './readiness.ts';
import { releaseAll, use } from './shared-stores.ts';
import { namedSink } from '../metrics/named-sink.ts';
import { lastSampleOf, type Sampling, samplerOf } from '../metrics/sampler.ts';
import type { ResolvedOptions } from './options/resolve-options.ts';
import { bootClock } from '../drivers/clocks.ts';
import { SAY } from './events/say.ts';
import { spansBy } from './events/spans.ts';
import { startLog } from './options/start-log.ts';
import { tellListeners } from './events/tell-listeners.ts';

/** What a client is made of, checked. */
export interface ClientParts {
  readonly options: Pick<FlagClientOptions, 'feed' | 'cache' | 'metrics' | 'tracer' | 'logger' | 'hooks' | 'exposures'>;
  readonly resolved: Omit<ResolvedOptions, 'allowEmpty' | 'maxDocumentBytes'>;
  readonly decode: Decode;
  readonly bootstrap: Loaded | undefined;
  readonly runDriver: DriverRunner;
}

/** The one implementation of `FlagClient`: a running driver, and a reader of what it serves. */
export class StartedFlagClient implements FlagClient {
  readonly #options: ClientParts['options'];
  readonly #resolved: ClientParts['resolved'];
  readonly #driver: RunningDriver;
  readonly #isolation: Isolation;
  readonly #listeners: Listeners;
  readonly #readiness = new Readiness();
  readonly #overrides: Overrides;
  readonly #counts: EvaluationCounts | undefined;
  readonly #doubts: ToldDoubts;
  readonly #interceptors: Interceptors;
  readonly #reader: FlagReader;
  readonly #span: BeginSpan | undefined;
  readonly #sampling: Sampling = { run: () => this.#sample() };
  readonly #endUse: ReturnType<typeof use>;
  #closing: Promise<void> | undefined;

  constructor({ options, resolved, decode, bootstrap, runDriver }: ClientParts) {
    this.#options = options;
    this.#resolved = resolved;
    const { settings, sources, name, logLevel, metricsEnabled } = resolved;
    const sink = metricsEnabled && options.metrics ? options.metrics : undefined;
    const named = sink === undefined || name === undefined ? sink : namedSink(sink, name);
    this.#isolation = new Isolation(options.logger, logLevel, named);
    this.#listeners = new Listeners(this.#isolation.call);
    this.#span = options.tracer && spansBy(options.tracer, this.#isolation.call);
    this.#counts = this.#isolation.measures ? new EvaluationCounts(this.#isolation.metrics) : undefined;
    this.#doubts = new ToldDoubts(doubtLog(this.#isolation, resolved.environment === 'development'));
    this.#overrides = new Overrides(
      resolved.overrides,
      () => this.#driver.now(),
      (entry) => this.#isolation.log(entry),
    );
    const { exposures, hooks = [] } = options;
    const noted =
      exposures === undefined ? undefined : new Exposures(exposures, this.#isolation.call, () => this.#driver.now());
    this.#interceptors = new Interceptors(
      this.#overrides,
      hooks,
      noted,
      this.#counts,
      this.#doubts,
      this.#isolation.call,
    );
    this.#reader = new FlagReader(this.#interceptors);
    this.#driver = runDriver({
      settings,
      sources,
      feed: options.feed,
      cache: options.cache,
      bootstrap,
      decode,
      bootTimeMs: bootClock(),
      outlets: {
        changed: (state: State, before: State) => this.#change(state, before),
        announce: (announcement: Announcement) => tellListeners(this.#listeners, announcement),
        log: (entry: LogEntry) => this.#isolation.log(entry),
        metrics: this.#isolation.metrics,
        span: this.#span,
      },
    });
    for (const entry of startLog(resolved)) this.#isolation.log(entry);
    this.#isolation.metrics.sampled?.(samplerOf(this.#sampling));
    this.#endUse = use(new Set([...sources, ...(options.feed === undefined ? [] : [options.feed])]));
    this.#driver.start();
  }

  get [DRIVER](): RunningDriver {
    return this.#driver;
  }

  [SAY](entry: LogEntry): void {
    this.#isolation.log(entry);
  }

  isEnabled(key: string, context?: EvaluationContext, fallback = false): boolean {
    return this.#reader.isEnabled(key, context, fallback);
  }

  value<T extends FlagValue | null>(key: string, context: EvaluationContext | undefined, fallback: T): Answer<T> {
    return this.#reader.value(key, context, fallback);
  }

  details<T extends FlagValue | null>(
    key: string,
    context: EvaluationContext | undefined,
    fallback: T,
  ): ClientEvaluationDetails<Answer<T>> {
    const { state, revision } = this.freshness();
    return {
      ...this.#reader.details(key, context, fallback),
      revision: shownRevision(revision),
      freshness: state,
    };
  }

  all(
    context?: EvaluationContext,
    options?: { readonly clientVisibleOnly?: boolean },
  ): Readonly<Record<string, FlagValue>> {
    return this.#reader.all(context, options);
  }

  allDetails(
    context?: EvaluationContext,
    options?: { readonly clientVisibleOnly?: boolean },
  ): Readonly<Record<string, ClientEvaluationDetails<FlagValue | null>>> {
    const { state, revision } = this.freshness();
    return placed(this.#reader.allDetails(context, options), shownRevision(revision), state);
  }

  forContext(context: EvaluationContext): PinnedFlags {
    return pinnedFlags(this.#reader.pin(), context, this.freshness());
  }

  flag(key: string): (context?: EvaluationContext, fallback?: boolean) => boolean {
    return (context, fallback = false) => this.#reader.isEnabled(key, context, fallback);
  }

  refresh({ force = false }: { readonly force?: boolean } = {}): Promise<RefreshResult> {
    // Driver timers do not hold the process, but somebody awaits this one: two deadlines cover a flight and the one
    // after it. No timer waits longer.
    const hold = setTimeout(
      () => {},
      Math.min(2 * this.#driver.state().settings.timeoutMs + 1_000, LONGEST_TIMEOUT_MS),
    );
    const end = this.#span?.('flags.refresh', { 'flags.force': force });
    return this.#driver.refresh(force).then((result) => {
      clearTimeout(hold);
      end?.(result.ok ? undefined : result.message);
      return result;
    });
  }

  async ready(options: ReadyOptions = {}): Promise<void> {
    const asked = readyOptions(options);
    const { timeoutMs, from } = asked;
    return this.#readiness.wait(
      this.#driver.state(),
      asked,
      (closed) => new NotReadyError(timeoutMs, from, this.freshness(), closed),
    );
  }

  freshness(): Freshness {
    return this.#driver.freshness();
  }

  isStale(): boolean {
    const { state } = this.freshness();
    return state === 'stale' || state === 'never';
  }

  ageMs(): number | null {
    return this.freshness().ageMs;
  }

  breakerState(): BreakerStateName {
    return this.freshness().breaker.state;
  }

  resetBreaker(): void {
    this.#driver.resetBreaker();
  }

  clearCache(): void {
    this.#reader.clearCache();
  }

  health(): Health {
    const freshness = this.freshness();
    const { settings, served, feedError, cacheTrouble, cacheErrors = 0 } = this.#driver.state();
    const overrides = this.#overrides.active();
    this.#interceptors.look();
    return healthOf(freshness, {
      settings,
      client: this.#resolved.name,
      closed: this.#closing !== undefined,
      cacheSize: this.#reader.cacheSize,
      setAside: served?.document.setAside ?? [],
      warnings: this.#resolved.warnings,
      overrides,
      mismatchedOverrides: this.#overrides.mismatched(),
      isolatedErrors: this.#isolation.errors + cacheErrors,
      feedError,
      cacheError: cacheTrouble?.problem,
      savedAtMs: served?.savedAtMs,
    });
  }

  override(key: string, value: FlagValue, options: OverrideOptions = {}): void {
    checkOverride(key, value, options);
    this.#overrides.set(key, value, options);
    this.#interceptors.look();
  }

  removeOverride(key: string, options: Pick<OverrideOptions, 'author'> = {}): void {
    this.#overrides.remove(key, options);
    this.#interceptors.look();
  }

  overrides(): readonly ActiveOverride[] {
    return this.#overrides.active();
  }

  document(): FlagDocument | undefined {
    return this.#driver.state().served?.document;
  }

  addHook(hook: Hook): () => void {
    checkHook(hook);
    return this.#interceptors.addHook(hook);
  }

  exposureCounts(): ExposureCounts | null {
    return this.#interceptors.exposures?.counts ?? null;
  }

  setLogLevel(level: LogLevel): void {
    checkLogLevel(level);
    this.#isolation.level = level;
  }

  on<Name extends keyof ClientEvents>(event: Name, listener: (event: ClientEvents[Name]) => void): () => void {
    checkListener(event, listener);
    if (this.#closing !== undefined) return () => {};
    return this.#listeners.add(event, listener, () => eventNow(event, this.freshness()));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#driver.stop();
    this.#readiness.close();
    this.#listeners.clear();
    this.#interceptors.exposures?.flush();
    this.#counts?.flush();
    const sampling = this.#sampling;
    sampling.run = lastSampleOf(sampling, this.#isolation.metrics);
    const { cache } = this.#options;
    const { closeTimeoutMs } = this.#resolved;
    const lastSave = cache === undefined ? [] : [{ name: cache.name, close: () => this.#driver.saved() }];
    const late = await releaseAll([...this.#endUse(), ...lastSave], closeTimeoutMs);
    if (late.length > 0) {
      const fields = { late, closeTimeoutMs };
      this.#isolation.log({ level: 'warn', message: 'not everything was released in time', fields });
    }
  }

  #change(state: State, before: State): void {
    const { served } = state;
    if (served !== undefined && served.document !== before.served?.document) {
      const now = (): number => this.#driver.now().wallMs + (this.#driver.state().clockOffsetMs ?? 0);
      this.#reader.swap(
        new Evaluator(served.document, { now }, this.#counts, this.#doubts),
        shownRevision(served.revision),
      );
    }
    if (state.served === before.served && state.verifiedAt === before.verifiedAt) return;
    this.#readiness.update(state);
    this.#interceptors.look();
    // Sinks that are not read but told hear of evaluations with each refresh.
    this.#counts?.flush();
  }

  /** Sets what follows from this moment: some of it grows old by itself, or changes with use. */
  #sample(): void {
    const { metrics } = this.#isolation;
    this.#counts?.flush();
    setClientGauges(metrics, {
      freshness: this.freshness(),
      cacheSize: this.#reader.cacheSize,
      setAsideFlags: this.#driver.state().served?.document.setAside?.length ?? 0,
    });
  }
}
