import type { TimerName, Command, DecisionEvent, ReadOutcome } from '../../src/refresh/protocol.ts';
import { decide } from '../../src/refresh/decide.ts';
import type { Settings } from '../../src/refresh/settings.ts';
import { freshnessOf, initialState, type State } from '../../src/refresh/state.ts';
import { decodeDocument } from '../../src/document/decode.ts';
import type { CountedRevision, Revision } from '../../src/document/revision.ts';
import { StoreError, type StoreErrorDetails, type StoreErrorReason } from '../../src/ports/store-error.ts';
import { documentText } from '../support/scripted-source.ts';
import { settings } from '../support/settings.ts';

type Of<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>;

/** A client of which only the decisions are there: the test is its driver. */
export class Decided {
  state: State;
  nowMs = 1_000_000;
  /** Chance, until the test says otherwise. */
  random = 0.5;
  /** Boot time, where the runtime is to tell it. */
  bootMs: () => number | undefined = () => undefined;
  /** What the last event led to. */
  commands: readonly Command[] = [];
  /** What all of them led to. */
  readonly all: Command[] = [];

  constructor(changes: Partial<Settings> = {}) {
    this.state = initialState(settings(changes));
  }

  take(event: DecisionEvent): readonly Command[] {
    const { nowMs, random } = this;
    const moment = { monotonicMs: nowMs, wallMs: 1_800_000_000_000 + nowMs, bootMs: this.bootMs(), random };
    [this.state, this.commands] = decide(this.state, event, moment);
    this.all.push(...this.commands);
    return this.commands;
  }

  /** Lets time pass; each timer rings when it is due. */
  pass(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (let next = this.#next(); next !== undefined && next.dueMs <= untilMs; next = this.#next()) {
      this.nowMs = Math.max(this.nowMs, next.dueMs);
      this.take({ kind: 'timer', timer: next.timer });
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  /** Lets time pass up to the next scheduled read, which then begins. */
  passToTick(): void {
    const { tick } = this.state.timers;
    if (tick === undefined) throw new Error('no read is scheduled');
    this.pass(tick - this.nowMs);
  }

  start(): this {
    this.take({ kind: 'start', bootstrap: undefined });
    return this;
  }

  /** Ends the read under way. */
  answer(outcome: ReadOutcome): readonly Command[] {
    const read = this.state.flight?.read;
    if (read === undefined) throw new Error('no read is under way');
    return this.take({ kind: 'read-settled', read, outcome });
  }

  /** Those of one kind among what all events led to. */
  those<Kind extends Command['kind']>(kind: Kind): Of<Kind>[] {
    return this.all.filter((command): command is Of<Kind> => command.kind === kind);
  }

  get freshness() {
    return freshnessOf(this.state, {
      monotonicMs: this.nowMs,
      wallMs: 1_800_000_000_000 + this.nowMs,
      bootMs: this.bootMs(),
    });
  }

  #next(): { readonly timer: TimerName; readonly dueMs: number } | undefined {
    const due = Object.entries(this.state.timers).map(([timer, dueMs]) => ({ timer: timer as TimerName, dueMs }));
    return due.toSorted((one, other) => one.dueMs - other.dueMs)[0];
  }
}

const READING = { publishedAtMs: undefined, storeTimeMs: undefined, ageMs: 0 };

export function document(revision: Revision, ancestors?: readonly CountedRevision[]): ReadOutcome {
  const text = documentText('version' in revision ? revision.version : 0);
  const decoded = decodeDocument(text);
  if (!decoded.ok) throw new Error('the document of the tests does not decode');
  const loaded = { document: decoded.document, bytes: text.length };
  return { kind: 'document', loaded, text, revision, ancestors, ...READING };
}

export function unchanged(revision: Revision): ReadOutcome {
  return { kind: 'unchanged', revision, ...READING };
}

export function failed(reason: StoreErrorReason, details: StoreErrorDetails = { retryable: false }): ReadOutcome {
  return { kind: 'failed', error: new StoreError(reason, `the store is ${reason}`, details) };
}

export function rejected(revision?: Revision): ReadOutcome {
  return { kind: 'rejected', reason: 'invalid', message: 'it is no good', revision };
}
