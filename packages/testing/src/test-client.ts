import type {
  ClientEvaluationDetails,
  ClientEvents,
  FlagClient,
  FlagValue,
  Freshness,
  Health,
  Hook,
  PinnedFlags,
  RefreshResult,
} from '@clarity/flags-core';
import type { AllOptions, Answer, EvaluationContext, Evaluator, Widened } from '@clarity/flags-core/evaluation';
import { type CountedRevision, formatRevision } from '@clarity/flags-core/ports';
import { TestEvents } from './test-client-events.ts';
import { freshnessOf, healthOf, ORIGIN, type Standing } from './test-client-standing.ts';
import { copyOf, evaluatorOf, sameValue, type TestFlags } from './test-flags.ts';
import { TestHooks } from './test-hooks.ts';
import { isLike, TestOverrides } from './test-overrides.ts';

/** A client for tests of applications: `FlagClient`, and a hand on its flags. */
export interface TestFlagClient<Flags extends TestFlags = TestFlags> extends FlagClient {
  /**
   * From now on the flag has this value, for everyone. `changed` listeners hear of it before this returns.
   *
   * @throws TypeError when the value is none that a flag can have.
   */
  set<Key extends keyof Flags & string>(key: Key, value: Widened<Flags[Key]>): void;
  /** From now on there is no such flag: callers get their fallbacks. */
  remove(key: keyof Flags & string): void;
  /** Back to the flags that the client was made with. Overrides are removed, listeners stay. */
  reset(): void;
}

const EPOCH = 1;

/**
 * A client with these flags, each of which answers everyone with its value. It answers as the real client does (types,
 * fallbacks, unknown keys, pinned contexts, overrides, events), is ready and fresh from the start, and has no timer, no store
 * and no file; so it runs wherever JavaScript does. Flags count as visible to clients.
 *
 * @example
 * const flags = createTestClient({ new_checkout: true, theme: 'dark' });
 * flags.set('new_checkout', false);
 *
 * @throws TypeError when a value is none that a flag can have.
 */
export function createTestClient(): TestFlagClient;
export function createTestClient<Flags extends TestFlags>(flags: Flags): TestFlagClient<Flags>;
export function createTestClient(flags: TestFlags = {}): TestFlagClient {
  return new TestClient(flags);
}

class TestClient implements TestFlagClient {
  readonly #initial: ReadonlyMap<string, FlagValue>;
  readonly #overrides = new TestOverrides();
  readonly #events = new TestEvents();
  readonly #hooks = new TestHooks();
  readonly #madeAtMs = Date.now();
  #flags: ReadonlyMap<string, FlagValue>;
  #evaluator: Evaluator;
  #version = 1;
  #closed = false;

  constructor(flags: TestFlags) {
    this.#initial = new Map(Object.entries(flags).map(([key, value]) => [key, copyOf(key, value)]));
    this.#flags = this.#initial;
    this.#evaluator = evaluatorOf(this.#flags);
  }

  set(key: string, value: FlagValue): void {
    this.#swap(new Map([...this.#flags, [key, copyOf(key, value)]]));
  }

  remove(key: string): void {
    this.#swap(new Map([...this.#flags].filter(([name]) => name !== key)));
  }

  reset(): void {
    this.#overrides.clear();
    this.#swap(this.#initial);
  }

  isEnabled(key: string, context?: EvaluationContext, fallback = false): boolean {
    return this.details(key, context, fallback).value;
  }

  value<T extends FlagValue | null>(key: string, context: EvaluationContext | undefined, fallback: T): Answer<T> {
    return this.details(key, context, fallback).value;
  }

  details<T extends FlagValue | null>(
    key: string,
    context: EvaluationContext | undefined,
    fallback: T,
  ): ClientEvaluationDetails<Answer<T>> {
    return this.#ask(this.#evaluator, this.#revisionText(), key, context, fallback);
  }

  all(context?: EvaluationContext, options?: AllOptions): Readonly<Record<string, FlagValue>> {
    return all(this.#evaluator, this.#overrides, context, options);
  }

  allDetails(
    context?: EvaluationContext,
    options?: AllOptions,
  ): Readonly<Record<string, ClientEvaluationDetails<FlagValue | null>>> {
    return allDetails(this.#evaluator, this.#overrides, this.#revisionText(), context, options);
  }

  forContext(context: EvaluationContext): PinnedFlags {
    const evaluator = this.#evaluator;
    const overrides = this.#overrides;
    const revision = this.#revisionText();
    return {
      revision,
      isEnabled: (key, fallback = false) => this.#ask(evaluator, revision, key, context, fallback).value,
      value: (key, fallback) => this.#ask(evaluator, revision, key, context, fallback).value,
      details: (key, fallback) => this.#ask(evaluator, revision, key, context, fallback),
      all: (options) => all(evaluator, overrides, context, options),
      allDetails: (options) => allDetails(evaluator, overrides, revision, context, options),
    };
  }

  flag(key: string): (context?: EvaluationContext, fallback?: boolean) => boolean {
    return (context, fallback) => this.isEnabled(key, context, fallback);
  }

  async refresh(): Promise<RefreshResult> {
    if (this.#closed) return { ok: false, reason: 'closed', message: 'the test client is closed' };
    return { ok: true, outcome: 'unchanged', revision: this.#revision(), origin: ORIGIN };
  }

  async ready(): Promise<void> {
    // From the start.
  }

  freshness(): Freshness {
    return freshnessOf(this.#standing());
  }

  isStale(): boolean {
    return false;
  }

  ageMs(): number {
    return 0;
  }

  breakerState(): 'closed' {
    return 'closed';
  }

  resetBreaker(): void {
    // Never opens.
  }

  clearCache(): void {
    this.#evaluator.clearCache();
  }

  health(): Health {
    return {
      ...healthOf(this.#standing()),
      cache_size: this.#evaluator.cacheSize,
      overrides: this.#overrides.keys(),
      mismatched_overrides: this.#overrides.mismatched(),
      isolated_errors: this.#events.isolatedErrors,
    };
  }

  override(key: string, value: FlagValue, options: { readonly forMs?: number } = {}): void {
    this.#overrides.set(key, copyOf(key, value), options.forMs);
  }

  removeOverride(key: string): void {
    this.#overrides.remove(key);
  }

  addHook(hook: Hook): () => void {
    return this.#hooks.add(hook);
  }

  exposureCounts(): null {
    return null;
  }

  setLogLevel(): void {
    // Logs nothing.
  }

  on<Name extends keyof ClientEvents>(event: Name, listener: (event: ClientEvents[Name]) => void): () => void {
    if (this.#closed) return () => undefined;
    const present: Partial<ClientEvents> = {
      ready: { revision: this.#revision(), origin: ORIGIN },
      fresh: this.freshness(),
    };
    return this.#events.add(event, listener, present[event]);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#events.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #swap(flags: ReadonlyMap<string, FlagValue>): void {
    const keys = [...new Set([...this.#flags.keys(), ...flags.keys()])]
      .filter((key) => !sameValue(this.#flags.get(key), flags.get(key)))
      .toSorted();
    if (keys.length === 0) return;
    this.#evaluator = evaluatorOf(flags);
    this.#flags = flags;
    this.#version += 1;
    this.#events.tell('changed', { revision: this.#revision(), origin: ORIGIN, keys });
  }

  #ask<T extends FlagValue | null>(
    evaluator: Evaluator,
    revision: string,
    key: string,
    context: EvaluationContext | undefined,
    fallback: T,
  ): ClientEvaluationDetails<Answer<T>> {
    return this.#hooks.around(key, revision, context, fallback, (merged) =>
      details(evaluator, this.#overrides, revision, key, merged, fallback),
    );
  }

  #standing(): Standing {
    return { revision: this.#revision(), madeAtMs: this.#madeAtMs, closed: this.#closed };
  }

  #revision(): CountedRevision {
    return { epoch: EPOCH, version: this.#version };
  }

  #revisionText(): string {
    return formatRevision(this.#revision());
  }
}

function details<T extends FlagValue | null>(
  evaluator: Evaluator,
  overrides: TestOverrides,
  revision: string,
  key: string,
  context: EvaluationContext | undefined,
  fallback: T,
): ClientEvaluationDetails<Answer<T>> {
  const value = overrides.get(key);
  const answer =
    value === undefined ? evaluator.details(key, context, fallback) : overrides.answer(key, value, fallback, fallback);
  return { ...answer, revision, freshness: 'fresh' };
}

/** An override does not show a browser a flag that is not for it. */
function all(
  evaluator: Evaluator,
  overrides: TestOverrides,
  context: EvaluationContext | undefined,
  options: AllOptions = {},
): Readonly<Record<string, FlagValue>> {
  const values = evaluator.all(context, options);
  const answers = { ...values };
  for (const [key, value] of Object.entries(overrides.values())) {
    const replaced = values[key];
    if (options.clientVisibleOnly === true && replaced === undefined) continue;
    if (replaced === undefined || isLike(value, replaced)) answers[key] = value;
    else {
      overrides.mismatch(key);
      delete answers[key];
    }
  }
  return answers;
}

/** The same with details, of any type. */
function allDetails(
  evaluator: Evaluator,
  overrides: TestOverrides,
  revision: string,
  context: EvaluationContext | undefined,
  options: AllOptions = {},
): Readonly<Record<string, ClientEvaluationDetails<FlagValue | null>>> {
  const details: Record<string, ClientEvaluationDetails<FlagValue | null>> = {};
  for (const [key, answer] of Object.entries(evaluator.allDetails(context, options)))
    details[key] = { ...answer, revision, freshness: 'fresh' };
  for (const [key, value] of Object.entries(overrides.values())) {
    const replaced = details[key];
    if (options.clientVisibleOnly === true && replaced === undefined) continue;
    const answer = overrides.answer(key, value, replaced?.value ?? null, null);
    details[key] = { ...answer, revision, freshness: 'fresh' };
  }
  return details;
}
