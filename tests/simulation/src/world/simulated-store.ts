import { type CountedRevision, isCounted, type Revision } from '../../../../packages/core/src/document/revision.ts';
import { redisAncestors } from '../../../../packages/redis-protocol/src/meta.ts';
import { type FlagSource, type ReadResult } from '../../../../packages/core/src/ports/source.ts';
import { StoreError } from '../../../../packages/core/src/ports/store-error.ts';
import { dice } from '../dice.ts';
import type { Behaviour, Poison, StoreKind } from '../history.ts';
import { badText, goodText, HTML } from './documents.ts';
import { type Held, keyOf, type Publisher } from './held.ts';
import { type Clocks, SimulatedPublishers, type Written } from './simulated-publisher.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What the store said to one read. */
export type Answer =
  | {
      readonly kind: 'reading';
      readonly result: ReadResult;
      readonly held: Held;
      /** When that was so. */ readonly asOfTrueMs: number;
    }
  | { readonly kind: 'untrue'; readonly result: unknown }
  | { readonly kind: 'error'; readonly error: unknown }
  | { readonly kind: 'none' };

/** One read of the client's. */
export interface Read {
  readonly store: number;
  readonly number: number;
  readonly known: Revision | undefined;
  readonly signal: AbortSignal;
  readonly beganMonotonicMs: number;
  readonly beganTrueMs: number;
  readonly beganWallErrorMs: number;
  answer: Answer | undefined;
  settled: 'no' | 'answered' | 'late' | 'aborted' | 'lost';
}

/** How the world carries a read to its store and the answer back. */
export interface Carrier {
  readonly seed: number;
  trueMs(): number;
  rightWallMs(): number;
  began(store: number, known: Revision | undefined, signal: AbortSignal): Read;
  /** Runs `ask` at the store after `thereMs`; what it gives is delivered `backMs` later. */
  carry(read: Read, thereMs: number, backMs: number, ask: () => Answer, deliver: (answer: Answer) => void): void;
}

/** A store as the world sees it, and as the client reads it. */
export class SimulatedStore implements FlagSource {
  readonly name: string;
  readonly index: number;
  readonly kind: StoreKind;
  behaviour: Behaviour = { kind: 'good' };
  leastMs = 1;
  mostMs = 5;
  /** A replica answers that is this many versions behind. */
  lag = 0;
  ignoresAbort = false;
  reads = 0;
  /** How wrong the clock of the server is that takes publications. */
  clockErrorMs = 0;
  /** The primary before a failover, for as long as somebody still reaches it, and what it holds. */
  former: { readonly held: Held | undefined; readonly untilTrueMs: number } | undefined;
  /** What was published last, by any publisher: nobody put this back. */
  published: Held | undefined;
  /** Runs once, when the next read has been answered. */
  behindNextRead: (() => void) | undefined;
  /** Everything it has held, oldest first; undefined where it was empty. */
  readonly past: (Held | undefined)[] = [];
  readonly #carrier: Carrier;
  readonly #publishers = new SimulatedPublishers();
  #publications = 0;
  /** What stands in front of it remembers: two machines, each by itself. */
  readonly #memories: ({ readonly held: Held; readonly atTrueMs: number } | undefined)[] = [];

  constructor(name: string, index: number, kind: StoreKind, carrier: Carrier) {
    this.name = name;
    this.index = index;
    this.kind = kind;
    this.#carrier = carrier;
    if (kind.holds === 'nothing') this.past.push(undefined);
    else this.publish(kind.holds === 'good', 'remembering');
  }

  get holds(): Held | undefined {
    return this.past.at(-1);
  }

  /** Publishes on top of what is held. False where that was refused: it cannot be compared, or lies far ahead. */
  publish(good: boolean, by: Publisher): boolean {
    const written = this.#publishers.publish(by, this.holds, this.#clocks());
    if (written !== undefined) this.#put(written, good);
    return written !== undefined;
  }

  /** Publishes over anything that is held. */
  restore(by: Publisher, good = true): void {
    this.#put(this.#publishers.restore(by, this.holds, this.#clocks()), good);
  }

  /** The last publications are gone, by a crash with less on disk than was confirmed. */
  lose(publications: number): void {
    let left = this.holds;
    for (let lost = 0; lost < publications && left?.base !== undefined; lost += 1) left = left.base;
    this.past.push(left);
  }

  /** A replica that lacks the last publications takes over, with a clock of its own. */
  failover(publications: number, clockErrorMs: number, formerAnswersForMs: number): void {
    const untilTrueMs = this.#carrier.trueMs() + formerAnswersForMs;
    this.former = formerAnswersForMs > 0 ? { held: this.holds, untilTrueMs } : undefined;
    this.lose(publications);
    this.clockErrorMs = clockErrorMs;
  }

  /** Whether reads may still get to the primary before this one. */
  get isDivided(): boolean {
    return this.former !== undefined && this.#carrier.trueMs() < this.former.untilTrueMs;
  }

  /**
   * Holds again what it held before, under the revision that it had then: from a backup, or of a branch that it left.
   */
  putBack(states: number): void {
    const before = this.past[this.past.length - 1 - states];
    if (before !== undefined) this.past.push(before);
  }

  flush(): void {
    this.past.push(undefined);
  }

  poison(how: Poison): void {
    const epoch = Math.trunc(this.#carrier.rightWallMs());
    const poisons: { readonly [Kind in Poison]: Revision } = {
      'epoch-ahead': { epoch: epoch + 3 * DAY_MS, version: 1 },
      'version-huge': { epoch, version: 2 ** 53 },
      'version-negative': { epoch, version: -1 },
      'not-a-number': { epoch, version: Number.NaN },
    };
    const revision = this.kind.revisions === 'hash' ? { hash: '' } : poisons[how];
    const base = this.holds;
    this.#hold({ revision, good: true, by: 'hand', leastEpoch: undefined, id: 'by hand', meta: base?.meta });
  }

  read(known: Revision | undefined, signal: AbortSignal): Promise<ReadResult> {
    this.reads += 1;
    const roll = dice(this.#carrier.seed, 'read', this.index, this.reads);
    const tookMs = roll.between(this.leastMs, this.mostMs);
    const thereMs = tookMs * roll.next();
    const read = this.#carrier.began(this.index, known, signal);
    return new Promise<ReadResult>((resolve, reject) => {
      const settle = (answer: Answer): void => {
        switch (answer.kind) {
          case 'none':
            return;
          case 'error':
            return reject(answer.error);
          case 'reading':
          case 'untrue':
            return resolve(answer.result as ReadResult);
        }
      };
      signal.addEventListener('abort', () => {
        if (this.ignoresAbort || read.settled !== 'no') return;
        read.settled = 'aborted';
        reject(new StoreError('timeout', 'aborted'));
      });
      this.#carrier.carry(read, thereMs, tookMs - thereMs, () => this.#serve(known, roll.next()), settle);
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #clocks(): Clocks {
    const wallMs = this.#carrier.rightWallMs();
    return { wallMs, storeMs: wallMs + this.clockErrorMs };
  }

  #put({ revision: counts, ...written }: Written, good: boolean): void {
    const hash = `hash-of-${this.name}/${this.past.length}-${good ? 'good' : 'bad'}`;
    const { revisions } = this.kind;
    const revision = revisions === 'hash' ? { hash } : revisions === 'counted' ? counts : { ...counts, hash };
    this.published = this.#hold({ revision, good, ...written });
  }

  #hold(written: Pick<Held, 'revision' | 'good' | 'by' | 'leastEpoch' | 'id' | 'meta'>): Held {
    const { revision, good } = written;
    const name = `${this.name}/${this.past.length}`;
    this.#publications += 1;
    const held: Held = {
      ...written,
      text: good ? goodText(name) : badText(name, this.past.length),
      poisoned: isPoisoned(revision),
      publishedAtMs: Math.trunc(this.#clocks().storeMs),
      number: this.#publications,
      base: this.holds,
      condemned: false,
    };
    this.past.push(held);
    return held;
  }

  #serve(known: Revision | undefined, random: number): Answer {
    const answer = this.#answer(known, random);
    const behind = this.behindNextRead;
    this.behindNextRead = undefined;
    behind?.();
    return answer;
  }

  #answer(known: Revision | undefined, random: number): Answer {
    const { behaviour } = this;
    switch (behaviour.kind) {
      case 'good':
        return this.#tell(known, random < 0.5 ? 0 : 1, (random * 2) % 1);
      case 'hangs':
        return { kind: 'none' };
      case 'fails': {
        const { reason, retryable, retryAfterMs, namesRevision, notADocument } = behaviour;
        const held = this.holds;
        if (namesRevision === true && held !== undefined) held.condemned = true;
        const error = new StoreError(reason, `${this.name} is simulated to be ${reason}`, {
          ...(retryable === undefined ? {} : { retryable }),
          ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
          ...(notADocument === undefined ? {} : { notADocument }),
          ...(namesRevision === true && held !== undefined ? { revision: held.revision } : {}),
        });
        return { kind: 'error', error };
      }
      case 'throws':
        return { kind: 'error', error: random < 0.5 ? new TypeError('fetch failed') : 'no error at all' };
      case 'html':
        return this.#untrue(HTML);
      case 'cut-short': {
        const text = this.holds?.text ?? '';
        return this.#untrue(text.slice(0, Math.floor(text.length * random)));
      }
      case 'nonsense':
        return {
          kind: 'untrue',
          result: [undefined, null, 'OK', 17, {}, { kind: 'document', revision: null, text: '{}' }][
            Math.floor(random * 6)
          ],
        };
      case 'says-unchanged':
        return {
          kind: 'untrue',
          result: { kind: 'unchanged', revision: { epoch: 1, version: Math.floor(random * 10) } },
        };
    }
  }

  #untrue(text: string): Answer {
    return {
      kind: 'untrue',
      result: { kind: 'document', text, revision: this.holds?.revision ?? { epoch: 1, version: 1 } },
    };
  }

  #tell(known: Revision | undefined, front: 0 | 1, chance: number): Answer {
    const trueMs = this.#carrier.trueMs();
    const lagging = this.past[Math.max(0, this.past.length - 1 - this.lag)];
    let held = this.lag === 0 ? this.holds : lagging;
    if (this.isDivided && chance < 0.5) held = this.former?.held;
    let asOfTrueMs = trueMs;
    if (this.kind.memoryMs > 0) {
      const memory = this.#memories[front];
      if (memory !== undefined && trueMs - memory.atTrueMs < this.kind.memoryMs) {
        held = memory.held;
        asOfTrueMs = memory.atTrueMs;
      } else if (held !== undefined) {
        this.#memories[front] = { held, atTrueMs: trueMs };
      }
    }
    if (held === undefined)
      return { kind: 'error', error: new StoreError('not-found', `${this.name} holds no document`) };
    const reading = {
      revision: held.revision,
      ...(this.kind.tellsPublication ? { publishedAtMs: held.publishedAtMs } : {}),
      ...(this.kind.tellsTime ? { storeTimeMs: this.#clocks().storeMs } : {}),
      ...(this.kind.memoryMs > 0 ? { ageMs: trueMs - asOfTrueMs } : {}),
    };
    const result: ReadResult =
      known !== undefined && keyOf(known) === keyOf(held.revision)
        ? { kind: 'unchanged', ...reading }
        : { kind: 'document', text: held.text, ...this.#ancestorsOf(held), ...reading };
    return { kind: 'reading', result, held, asOfTrueMs };
  }

  /** What the record says of what it stands on, read as adapters read it. */
  #ancestorsOf({ revision, id, meta }: Held): { readonly ancestors?: readonly CountedRevision[] } {
    const ancestors = this.kind.remembers && isCounted(revision) ? redisAncestors(id, meta, revision) : undefined;
    return ancestors === undefined ? {} : { ancestors };
  }
}

function isPoisoned(revision: Revision): boolean {
  return isCounted(revision) ? !Number.isSafeInteger(revision.version) || revision.version < 0 : revision.hash === '';
}
