import { isCounted, type Revision } from '../../../../packages/core/src/document/revision.ts';
import { type FlagSource, type ReadResult } from '../../../../packages/core/src/ports/source.ts';
import { StoreError } from '../../../../packages/core/src/ports/store-error.ts';
import { dice } from '../dice.ts';
import type { Behaviour, Poison, StoreKind } from '../history.ts';
import { badText, goodText, HTML } from './documents.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What a store held at some time. */
export interface Held {
  readonly revision: Revision;
  readonly text: string;
  readonly good: boolean;
  /** The revision holds a number that cannot be compared. */
  readonly poisoned: boolean;
  readonly publishedAtMs: number;
  /** The store named it as one that it cannot give: whoever heard that waits for another. */
  condemned: boolean;
}

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
  /** Runs once, when the next read has been answered. */
  behindNextRead: (() => void) | undefined;
  /** Everything it has held, oldest first; undefined where it was empty. */
  readonly past: (Held | undefined)[] = [];
  readonly #carrier: Carrier;
  /** What stands in front of it remembers: two machines, each by itself. */
  readonly #memories: ({ readonly held: Held; readonly atTrueMs: number } | undefined)[] = [];

  constructor(name: string, index: number, kind: StoreKind, carrier: Carrier) {
    this.name = name;
    this.index = index;
    this.kind = kind;
    this.#carrier = carrier;
    if (kind.holds === 'nothing') this.past.push(undefined);
    else this.#put({ epoch: this.#carrier.rightWallMs(), version: 1 }, kind.holds === 'good');
  }

  get holds(): Held | undefined {
    return this.past.at(-1);
  }

  publish(good: boolean): void {
    const before = this.holds;
    if (before === undefined) return this.restore(good);
    const { revision } = before;
    const next = isCounted(revision)
      ? { epoch: revision.epoch, version: revision.version + 1 }
      : { epoch: 0, version: 0 };
    this.#put(next, good);
  }

  /** A new epoch, at a version that says nothing about earlier ones. */
  restore(good = true): void {
    const wallMs = this.#carrier.rightWallMs();
    // Above every epoch before, but for those that were never right.
    const epochs = this.past.map((held) =>
      held === undefined || !isCounted(held.revision) || held.revision.epoch > wallMs + DAY_MS
        ? 0
        : held.revision.epoch,
    );
    this.#put({ epoch: Math.max(wallMs, Math.max(...epochs) + 1), version: 1 + (this.past.length % 3) }, good);
  }

  /** Put back from a backup, under the revision that it had then. */
  regress(versions: number): void {
    const older = this.past[this.past.length - 1 - versions];
    if (older !== undefined) this.past.push(older);
  }

  flush(): void {
    this.past.push(undefined);
  }

  poison(how: Poison): void {
    const epoch = this.#carrier.rightWallMs();
    const poisons: { readonly [Kind in Poison]: Revision } = {
      'epoch-ahead': { epoch: epoch + 3 * DAY_MS, version: 1 },
      'version-huge': { epoch, version: 2 ** 53 },
      'version-negative': { epoch, version: -1 },
      'not-a-number': { epoch, version: Number.NaN },
    };
    const revision = this.kind.revisions === 'hash' ? { hash: '' } : poisons[how];
    const name = `${this.name}/${this.past.length}`;
    this.past.push({
      revision,
      text: goodText(name),
      good: true,
      poisoned: isPoisoned(revision),
      publishedAtMs: epoch,
      condemned: false,
    });
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

  #put(counts: { readonly epoch: number; readonly version: number }, good: boolean): void {
    const name = `${this.name}/${this.past.length}`;
    const text = good ? goodText(name) : badText(name, this.past.length);
    const hash = `hash-of-${name}-${good ? 'good' : 'bad'}`;
    const { revisions } = this.kind;
    const revision = revisions === 'hash' ? { hash } : revisions === 'counted' ? counts : { ...counts, hash };
    this.past.push({
      revision,
      text,
      good,
      poisoned: isPoisoned(revision),
      publishedAtMs: this.#carrier.rightWallMs(),
      condemned: false,
    });
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
        return this.#tell(known, random < 0.5 ? 0 : 1);
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

  #tell(known: Revision | undefined, front: 0 | 1): Answer {
    const trueMs = this.#carrier.trueMs();
    const lagging = this.past[Math.max(0, this.past.length - 1 - this.lag)];
    let held = this.lag === 0 ? this.holds : lagging;
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
      ...(this.kind.tellsTime ? { storeTimeMs: this.#carrier.rightWallMs() } : {}),
      ...(this.kind.memoryMs > 0 ? { ageMs: trueMs - asOfTrueMs } : {}),
    };
    const result: ReadResult =
      known !== undefined && keyOf(known) === keyOf(held.revision)
        ? { kind: 'unchanged', ...reading }
        : { kind: 'document', text: held.text, ...reading };
    return { kind: 'reading', result, held, asOfTrueMs };
  }
}

function isPoisoned(revision: Revision): boolean {
  return isCounted(revision) ? !Number.isSafeInteger(revision.version) || revision.version < 0 : revision.hash === '';
}

/** A revision as a key. */
export function keyOf(revision: Revision): string {
  return isCounted(revision) ? `${revision.epoch}.${revision.version}.${revision.hash ?? ''}` : revision.hash;
}
