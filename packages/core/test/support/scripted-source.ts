import { StoreError, type StoreErrorReason } from '../../src/ports/store-error.ts';
import type { FlagSource, ReadResult } from '../../src/ports/source.ts';
import type { CountedRevision, Revision } from '../../src/document/revision.ts';

/** What a scripted source does when it is read. */
export type Behaviour =
  | {
      readonly kind: 'holds';
      readonly revision: Revision;
      readonly text: string;
      readonly publishedAtMs?: number;
      readonly storeTimeMs?: number;
      readonly ancestors?: readonly CountedRevision[];
    }
  | {
      readonly kind: 'fails';
      readonly reason: StoreErrorReason;
      readonly retryable?: boolean;
      readonly retryAfterMs?: number;
    }
  /** Never answers; leaves when its signal aborts. */
  | { readonly kind: 'hangs' }
  /** Never answers and does not care about its signal. */
  | { readonly kind: 'ignores-abort' };

export interface ScriptedSource extends FlagSource {
  behaviour: Behaviour;
  reads: number;
  /** Reads under way. */
  flights: number;
  mostFlights: number;
  closed: number;
  /** The revision that each read asked about. */
  readonly asked: (Revision | undefined)[];
  /** Answers of reads that were held back, oldest first; while this is on, each read waits for one. */
  hold(): { release(): void };
}

export function counted(version: number, epoch = 1_000): CountedRevision {
  return { epoch, version };
}

export function documentText(version: number, enabled = true): string {
  return JSON.stringify({
    schemaVersion: 1,
    flags: {
      a: { status: enabled ? 'enabled' : 'disabled' },
      generation: { status: 'enabled', description: String(version) },
    },
  });
}

export function holds(version: number, epoch = 1_000): Behaviour {
  return { kind: 'holds', revision: counted(version, epoch), text: documentText(version) };
}

export function fails(reason: StoreErrorReason = 'unavailable', retryable = false): Behaviour {
  return { kind: 'fails', reason, retryable };
}

export function scriptedSource(behaviour: Behaviour, name = 'store'): ScriptedSource {
  let gate: Promise<void> | undefined;
  const source: ScriptedSource = {
    name,
    behaviour,
    reads: 0,
    flights: 0,
    mostFlights: 0,
    closed: 0,
    asked: [],
    hold() {
      let release = (): void => {};
      gate = new Promise((resolve) => {
        release = () => {
          gate = undefined;
          resolve();
        };
      });
      return { release };
    },
    async read(known, signal) {
      source.reads += 1;
      source.flights += 1;
      source.mostFlights = Math.max(source.mostFlights, source.flights);
      source.asked.push(known);
      const behaves = source.behaviour;
      try {
        await gate;
        return await answer(behaves, known, signal, name);
      } finally {
        source.flights -= 1;
      }
    },
    async close() {
      source.closed += 1;
    },
  };
  return source;
}

async function answer(
  behaves: Behaviour,
  known: Revision | undefined,
  signal: AbortSignal,
  name: string,
): Promise<ReadResult> {
  switch (behaves.kind) {
    case 'holds': {
      const { revision, text, publishedAtMs, storeTimeMs, ancestors } = behaves;
      const reading = {
        revision,
        ...(publishedAtMs === undefined ? {} : { publishedAtMs }),
        ...(storeTimeMs === undefined ? {} : { storeTimeMs }),
      };
      return JSON.stringify(known) === JSON.stringify(revision)
        ? { kind: 'unchanged', ...reading }
        : { kind: 'document', text, ...(ancestors !== undefined && { ancestors }), ...reading };
    }
    case 'fails':
      throw new StoreError(behaves.reason, `${name} is ${behaves.reason}`, {
        ...(behaves.retryable === undefined ? {} : { retryable: behaves.retryable }),
        ...(behaves.retryAfterMs === undefined ? {} : { retryAfterMs: behaves.retryAfterMs }),
      });
    case 'hangs':
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new StoreError('timeout', 'aborted')), { once: true });
      });
    case 'ignores-abort':
      return new Promise(() => {});
  }
}
