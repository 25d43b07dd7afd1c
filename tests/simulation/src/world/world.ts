import type { Announcement, LogEntry, RefreshResult } from '../../../../packages/core/src/refresh/protocol.ts';
import type { Freshness } from '../../../../packages/core/src/refresh/freshness.ts';
import { decodeDocument } from '../../../../packages/core/src/document/decode.ts';
import type { Revision } from '../../../../packages/core/src/document/revision.ts';
import { dice } from '../dice.ts';
import type { Driver, DriverKind } from '../drivers/driver.ts';
import type { Action, History } from '../history.ts';
import { act } from './act.ts';
import { Agenda, type Entry } from './agenda.ts';
import { describeAnnouncement, describeAnswer } from './describe.ts';
import { goodText } from './documents.ts';
import type { Journal } from './journal.ts';
import { MachineTime } from './machine-time.ts';
import { SimulatedCache } from './simulated-cache.ts';
import { SimulatedFeed, type Subscription } from './simulated-feed.ts';
import { type Answer, type Read, SimulatedStore } from './simulated-store.ts';
import type { MakeWatch, Watch } from './watch.ts';

/** An invariant that did not hold. */
export interface Violation {
  readonly invariant: string;
  readonly message: string;
  readonly atTrueMs: number;
}

/** A manual refresh that was asked for. */
export interface Request {
  readonly number: number;
  readonly askedMonotonicMs: number;
  readonly force: boolean;
  /** Reads that had begun when it was asked for. */
  readonly readsBefore: number;
  result: RefreshResult | undefined;
}

/** A history that goes on for longer than this is cut: a pause of a millisecond makes many steps. */
const MOST_STEPS = 6_000;
/** What sums of times may lose to rounding: a timer that is never early by nature is not so by that. */
const ROUNDING_MS = 0.000_005;
/** What is left after the client was closed must be gone by then. */
const AFTERMATH_MS = 60_000;
/** The bootstrap document, of no store. */
export const BOOTSTRAP_NAME = 'bootstrap';

/**
 * One client in one history: stores, feed, cache and a machine, all under one clock. It takes one step at a time and lets
 * everything settle after it; the watches look on.
 */
export class World {
  readonly history: History;
  readonly time: MachineTime;
  readonly agenda = new Agenda();
  readonly stores: readonly SimulatedStore[];
  readonly feed: SimulatedFeed | undefined;
  readonly cache: SimulatedCache | undefined;
  readonly driver: Driver;
  readonly journal: Journal | undefined;
  readonly reads: Read[] = [];
  readonly requests: Request[] = [];
  violation: Violation | undefined;
  closed = false;
  steps = 0;
  /** Whether the steps ran out before the history did. */
  cut = false;
  /** How the feed treats what it announces. */
  delivery = { lose: 0, duplicate: 0, mostMs: 20, names: true };
  /** Monotonic time at which the machine last slept, stood still, or had its clock set. */
  disturbedMonotonicMs = Number.NEGATIVE_INFINITY;
  /** How long the machine will sleep once a read has failed. */
  dozeMs: number | undefined;
  /** Of two things that are overdue, whether timers come first. */
  timersFirst = true;
  readonly #background: boolean;
  readonly #watches: readonly Watch[];
  readonly #chance;

  constructor(history: History, kind: DriverKind, watches: readonly MakeWatch[], journal?: Journal) {
    this.history = history;
    this.journal = journal;
    this.time = new MachineTime(history.machine);
    this.#chance = dice(history.seed, 'world');
    const { settings } = history;
    this.stores = history.stores.map(
      (kind, index) =>
        new SimulatedStore(settings.sources[index] ?? `store ${index}`, index, kind, {
          seed: history.seed,
          trueMs: () => this.time.trueMs,
          rightWallMs: () => this.time.rightWallMs(),
          began: (store, known, signal) => this.#readBegan(store, known, signal),
          carry: (read, thereMs, backMs, ask, deliver) => this.#carry(read, thereMs, backMs, ask, deliver),
        }),
    );
    this.feed =
      history.feed === undefined
        ? undefined
        : new SimulatedFeed(history.feed, {
            subscribed: (subscription) => this.#subscribed(subscription),
            deliver: (run) => this.deliver(this.#chance.between(0, this.delivery.mostMs), run),
            hears: (news) => {
              for (const watch of this.#watches) watch.hears?.(news);
            },
          });
    const primary = this.stores[0];
    this.cache =
      history.cache === undefined || primary === undefined
        ? undefined
        : new SimulatedCache(history.cache, primary, {
            deliver: (run) => this.deliver(this.#chance.between(0, 30), run),
            deliverSlowly: (run) => this.deliver(this.#chance.between(1_000, 8_000), run),
          });
    this.#watches = watches.map((make) => make(this));
    this.#background = kind.background;
    this.driver = kind.make({
      time: this.time,
      random: dice(history.seed, 'driver').next,
      parts: {
        settings,
        sources: this.stores,
        feed: this.feed,
        cache: this.cache,
        bootstrap: history.bootstrap ? bootstrap() : undefined,
        decode: decodeDocument,
        bootTimeMs: () => this.time.bootMs(),
        outlets: {
          changed: () => {},
          announce: (announcement) => this.#announced(announcement),
          log: (entry) => this.#logged(entry),
          metrics: { count: () => this.#measured(), gauge: () => this.#measured(), observe: () => this.#measured() },
        },
      },
    });
  }

  get monotonicMs(): number {
    return this.time.monotonicMs();
  }

  peek(): Freshness {
    return this.driver.peek();
  }

  violate(invariant: string, message: string): void {
    if (this.violation !== undefined) return;
    this.violation = { invariant, message, atTrueMs: this.time.trueMs };
    this.journal?.note(this.time.trueMs, `VIOLATED "${invariant}": ${message}`);
  }

  note(text: string): void {
    this.journal?.note(this.time.trueMs, text);
  }

  deliver(afterMs: number, run: () => void): void {
    this.agenda.add({ atTrueMs: this.time.trueMs + afterMs, where: 'arrival', run });
  }

  /** Runs the history to its end, or to the first invariant that does not hold. */
  async run(): Promise<Violation | undefined> {
    this.driver.start();
    this.#sendRequests();
    await this.#settle();
    for (const action of this.history.actions) {
      await this.#until(action.atMs);
      await this.#act(action);
    }
    const lastMs = this.history.actions.at(-1)?.atMs ?? 0;
    if (!this.cut) await this.#until(Math.max(this.time.trueMs, lastMs + this.history.restMs));
    for (const watch of this.#watches) watch.rested?.();
    if (!this.closed && this.#background) await this.#act({ kind: 'close', atMs: this.time.trueMs });
    await this.#until(this.time.trueMs + AFTERMATH_MS);
    if (this.closed) for (const watch of this.#watches) watch.ended?.();
    return this.violation;
  }

  /** Notes a manual refresh and asks for it. */
  ask(force: boolean): void {
    const request: Request = {
      number: this.requests.length + 1,
      askedMonotonicMs: this.monotonicMs,
      force,
      readsBefore: this.reads.length,
      result: undefined,
    };
    this.requests.push(request);
    for (const watch of this.#watches) watch.asked?.(request);
    this.driver.refresh(force).then(
      (result) => {
        request.result = result;
        this.note(`refresh ${request.number} is answered: ${result.ok ? result.outcome : result.reason}`);
        for (const watch of this.#watches) watch.answered?.(request, result);
      },
      (error: unknown) => this.violate('a refresh never rejects', String(error)),
    );
  }

  /** The machine sleeps: the world goes on without it. */
  sleep(ms: number): void {
    const wakesMs = this.time.trueMs + ms;
    for (
      let entry = this.agenda.firstAtStore(wakesMs);
      entry !== undefined;
      entry = this.agenda.firstAtStore(wakesMs)
    ) {
      this.time.passTo(entry.atTrueMs, true);
      this.agenda.take(entry);
      entry.run();
    }
    this.time.passTo(wakesMs, true);
    this.disturb(ms);
  }

  /** The event loop stands still. */
  block(ms: number, timersFirst: boolean): void {
    this.time.passTo(this.time.trueMs + ms);
    this.timersFirst = timersFirst;
    this.disturb(ms);
  }

  /** A request ends, and with it whatever it began. */
  orphan(): void {
    for (const read of this.reads) if (read.settled === 'no') read.settled = 'lost';
    this.time.sleepers.clear();
    this.disturb(this.history.requestsEveryMs ?? 0);
  }

  disturb(ms: number): void {
    this.disturbedMonotonicMs = this.monotonicMs;
    for (const watch of this.#watches) watch.disturbed?.(ms);
  }

  #sendRequests(): void {
    const { requestsEveryMs } = this.history;
    if (requestsEveryMs === undefined) return;
    this.deliver(requestsEveryMs, () => {
      this.driver.request?.();
      this.#sendRequests();
    });
  }

  async #act(action: Action): Promise<void> {
    if (this.violation !== undefined) return;
    for (const watch of this.#watches) watch.acting?.(action);
    act(this, action);
    await this.#settle();
    for (const watch of this.#watches) watch.acted?.(action);
    this.#stepped();
  }

  /** Takes all steps up to a time. */
  async #until(trueMs: number): Promise<void> {
    while (this.violation === undefined) {
      const next = this.#next(trueMs);
      if (next === undefined) break;
      if (++this.steps > MOST_STEPS && !this.closed) {
        this.cut = true;
        return;
      }
      this.time.passTo(next.atTrueMs);
      for (const watch of this.#watches) watch.stepping?.();
      next.run();
      await this.#settle();
      this.#stepped();
    }
    this.time.passTo(trueMs);
  }

  /** What happens next, up to a time: an entry of the agenda, a timer, or a time at which a watch wants to look. */
  #next(untilTrueMs: number): Pick<Entry, 'atTrueMs' | 'run'> | undefined {
    const entry = this.agenda.first;
    const sleeper = this.time.nextSleeper();
    const nowMs = this.time.trueMs;
    const entryMs = entry?.atTrueMs ?? Number.POSITIVE_INFINITY;
    const sleeperMs =
      sleeper === undefined
        ? Number.POSITIVE_INFINITY
        : nowMs + sleeper.dueMonotonicMs - this.monotonicMs + ROUNDING_MS;
    const bothOverdue = entryMs <= nowMs && sleeperMs <= nowMs;
    const timerComes = bothOverdue ? this.timersFirst : sleeperMs < entryMs;
    const nextMs = timerComes ? sleeperMs : entryMs;
    let lookMs = Number.POSITIVE_INFINITY;
    for (const watch of this.#watches) {
      const dueMs = watch.looksAtMonotonicMs?.();
      // A moment after it, so that no rounding puts it before; what is over was looked at.
      if (dueMs !== undefined && dueMs > this.monotonicMs)
        lookMs = Math.min(lookMs, nowMs + dueMs - this.monotonicMs + 0.001);
    }
    if (lookMs < nextMs && lookMs <= untilTrueMs) return { atTrueMs: lookMs, run: () => {} };
    if (nextMs > untilTrueMs) return undefined;
    if (timerComes) return sleeper === undefined ? undefined : { atTrueMs: sleeperMs, run: () => sleeper.ring() };
    if (entry === undefined) return undefined;
    return {
      atTrueMs: entryMs,
      run: () => {
        this.agenda.take(entry);
        entry.run();
      },
    };
  }

  /** Lets promises and fibers that are ready run to where they wait. */
  async #settle(): Promise<void> {
    await turn();
    // Loads and saves of the cache race their deadline, which takes the event loop a few turns.
    if (this.cache !== undefined && (this.cache.busy > 0 || this.steps < 10)) {
      await turn();
      await turn();
    }
  }

  #stepped(): void {
    for (const watch of this.#watches) watch.stepped?.();
  }

  #readBegan(store: number, known: Revision | undefined, signal: AbortSignal): Read {
    const read: Read = {
      store,
      number: this.reads.length + 1,
      known,
      signal,
      beganMonotonicMs: this.monotonicMs,
      beganTrueMs: this.time.trueMs,
      beganWallErrorMs: this.time.wallErrorMs,
      answer: undefined,
      settled: 'no',
    };
    for (const watch of this.#watches) watch.readBegan?.(read);
    this.reads.push(read);
    this.note(
      `read ${read.number} of ${this.stores[store]?.name} begins${known === undefined ? '' : `, asking about ${JSON.stringify(known)}`}`,
    );
    return read;
  }

  #carry(read: Read, thereMs: number, backMs: number, ask: () => Answer, settle: (answer: Answer) => void): void {
    this.agenda.add({
      atTrueMs: this.time.trueMs + thereMs,
      where: 'store',
      run: () => {
        const answer = ask();
        read.answer = answer;
        if (answer.kind === 'none') return;
        this.deliver(backMs, () => {
          if (read.settled === 'aborted' || read.settled === 'lost') return;
          read.settled = read.signal.aborted ? 'late' : 'answered';
          this.note(
            `read ${read.number} is answered${read.settled === 'late' ? ', too late' : ''}: ${describeAnswer(answer)}`,
          );
          for (const watch of this.#watches) watch.delivering?.(read, answer);
          settle(answer);
          if (answer.kind === 'error') this.#doze();
        });
      },
    });
  }

  #doze(): void {
    const { dozeMs } = this;
    if (dozeMs === undefined) return;
    this.dozeMs = undefined;
    // The shortest pause before a second attempt is longer than that.
    this.deliver(50, () => {
      if (this.closed) return;
      this.note(`the machine sleeps for ${dozeMs} ms`);
      this.sleep(dozeMs);
    });
  }

  #subscribed(subscription: Subscription): void {
    this.note('the feed is subscribed to');
    for (const watch of this.#watches) watch.subscribed?.(subscription);
  }

  #announced(announcement: Announcement): void {
    this.note(`announced: ${describeAnnouncement(announcement)}`);
    for (const watch of this.#watches) watch.announced?.(announcement);
  }

  #logged(entry: LogEntry): void {
    for (const watch of this.#watches) watch.logged?.(entry);
  }

  #measured(): void {
    for (const watch of this.#watches) watch.measured?.();
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function bootstrap() {
  const text = goodText(BOOTSTRAP_NAME);
  const decoded = decodeDocument(text);
  if (!decoded.ok) throw new Error('the bootstrap document does not decode');
  return { document: decoded.document, bytes: text.length };
}
