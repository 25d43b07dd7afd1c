import type { Announcement, LogEntry } from '../../../../packages/core/src/refresh/protocol.ts';
import type { Freshness } from '../../../../packages/core/src/refresh/freshness.ts';
import { decodeDocument } from '../../../../packages/core/src/document/decode.ts';
import type { Revision } from '../../../../packages/core/src/document/revision.ts';
import { dice } from '../dice.ts';
import type { Driver, DriverKind } from '../drivers/driver.ts';
import type { History } from '../history.ts';
import { Agenda } from './agenda.ts';
import { describeAnnouncement, describeAnswer } from './describe.ts';
import { BOOTSTRAP_NAME, goodText } from './documents.ts';
import type { Journal } from './journal.ts';
import { MachineTime } from './machine-time.ts';
import { SimulatedCache } from './simulated-cache.ts';
import { SimulatedFeed, type Subscription } from './simulated-feed.ts';
import { type Answer, type Read, SimulatedStore } from './simulated-store.ts';
import type { MakeWatch, Watch } from './watch.ts';
import type { Delivery, Request, Violation, World } from './world.ts';

/**
 * One client in one history: stores, feed, cache and a machine, all under one clock. It carries what they say
 * to each other and tells the watches; `liveThrough` makes time pass in it.
 */
export class SimulatedWorld implements World {
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
  delivery: Delivery = { lose: 0, duplicate: 0, mostMs: 20, names: true };
  disturbedMonotonicMs = Number.NEGATIVE_INFINITY;
  dozeMs: number | undefined;
  /** Of two things that are overdue, whether timers come first. */
  timersFirst = true;
  readonly background: boolean;
  readonly watches: readonly Watch[];
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
              for (const watch of this.watches) watch.hears?.(news);
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
    this.watches = watches.map((make) => make(this));
    this.background = kind.background;
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

  ask(force: boolean): void {
    const request: Request = {
      number: this.requests.length + 1,
      askedMonotonicMs: this.monotonicMs,
      force,
      readsBefore: this.reads.length,
      result: undefined,
    };
    this.requests.push(request);
    for (const watch of this.watches) watch.asked?.(request);
    this.driver.refresh(force).then(
      (result) => {
        request.result = result;
        this.note(`refresh ${request.number} is answered: ${result.ok ? result.outcome : result.reason}`);
        for (const watch of this.watches) watch.answered?.(request, result);
      },
      (error: unknown) => this.violate('a refresh never rejects', String(error)),
    );
  }

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

  block(ms: number, timersFirst: boolean): void {
    this.time.passTo(this.time.trueMs + ms);
    this.timersFirst = timersFirst;
    this.disturb(ms);
  }

  orphan(): void {
    for (const read of this.reads) if (read.settled === 'no') read.settled = 'lost';
    this.time.sleepers.clear();
    this.disturb(this.history.requestsEveryMs ?? 0);
  }

  disturb(ms: number): void {
    this.disturbedMonotonicMs = this.monotonicMs;
    for (const watch of this.watches) watch.disturbed?.(ms);
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
    for (const watch of this.watches) watch.readBegan?.(read);
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
          for (const watch of this.watches) watch.delivering?.(read, answer);
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
    for (const watch of this.watches) watch.subscribed?.(subscription);
  }

  #announced(announcement: Announcement): void {
    this.note(`announced: ${describeAnnouncement(announcement)}`);
    for (const watch of this.watches) watch.announced?.(announcement);
  }

  #logged(entry: LogEntry): void {
    for (const watch of this.watches) watch.logged?.(entry);
  }

  #measured(): void {
    for (const watch of this.watches) watch.measured?.();
  }
}

function bootstrap() {
  const text = goodText(BOOTSTRAP_NAME);
  const decoded = decodeDocument(text);
  if (!decoded.ok) throw new Error('the bootstrap document does not decode');
  return { document: decoded.document, bytes: text.length };
}
