import { CallScope } from '@clarity/flags-core/adapter-kit';
import {
  compareRevisions,
  type CountedRevision,
  type FlagSource,
  type ReadResult,
  type Revision,
  StoreError,
  type StoreErrorDetails,
  type StoreErrorReason,
} from '@clarity/flags-core/ports';

/** What one read of a scripted source does. */
export type SourceStep =
  /** Gives this document; `unchanged` when the caller knows its revision. */
  | {
      readonly kind: 'document';
      readonly text: string;
      readonly revision: Revision;
      readonly complete?: boolean;
      readonly publishedAtMs?: number;
      readonly storeTimeMs?: number;
      readonly ageMs?: number;
      readonly ancestors?: readonly CountedRevision[];
    }
  /** Says `unchanged`, also to a caller who knows nothing. */
  | { readonly kind: 'unchanged'; readonly revision: Revision }
  /** Rejects with a `StoreError`. */
  | {
      readonly kind: 'fail';
      readonly reason: StoreErrorReason;
      readonly message?: string;
      readonly details?: StoreErrorDetails;
    }
  /** Rejects with this value, as an adapter that breaks its contract would. */
  | { readonly kind: 'throw'; readonly value: unknown }
  /** Answers nothing until the signal aborts, then rejects. */
  | { readonly kind: 'hang' }
  /** Answers nothing, and ignores the signal too: a client library that cannot be stopped. */
  | { readonly kind: 'hang-forever' }
  /** Waits until `gate` settles, then does `next`, even when the signal aborted meanwhile: a late answer. */
  | { readonly kind: 'wait'; readonly gate: Promise<unknown>; readonly next: SourceStep };

/** Steps by name, bad answers among them. */
export const sourceSteps = {
  document: (text: string, revision: Revision): SourceStep => ({ kind: 'document', text, revision }),
  fail: (reason: StoreErrorReason, details?: StoreErrorDetails): SourceStep => ({
    kind: 'fail',
    reason,
    ...(details !== undefined && { details }),
  }),
  hang: (): SourceStep => ({ kind: 'hang' }),
  hangForever: (): SourceStep => ({ kind: 'hang-forever' }),
  wait: (gate: Promise<unknown>, next: SourceStep): SourceStep => ({ kind: 'wait', gate, next }),
  /** A document that arrived whole and is not JSON (F15). */
  corrupt: (revision: Revision): SourceStep => ({ kind: 'document', text: '{"schemaVersion":1,"flags":{]}', revision }),
  /** A document that was cut on its way (F16). */
  truncated: (text: string, revision: Revision): SourceStep => ({
    kind: 'document',
    text: text.slice(0, Math.floor(text.length / 2)),
    revision,
  }),
  /** What a captive portal answers with status 200 (F18). */
  html: (revision: Revision): SourceStep => ({
    kind: 'document',
    text: '<!doctype html><html><body>Sign in to the guest network</body></html>',
    revision,
  }),
} as const;

export interface ScriptedRead {
  readonly known: Revision | undefined;
  readonly announced: Revision | undefined;
  readonly signal: AbortSignal;
}

export interface ScriptedSource extends FlagSource {
  /** Every read so far, oldest first. */
  readonly reads: readonly ScriptedRead[];
  /** Appends steps. */
  push(...steps: readonly SourceStep[]): void;
  readonly closed: boolean;
}

/**
 * A source that does what it is told, one step a read. The last step repeats, so that a script need not count the
 * polls; without any step a read is `not-found`.
 */
export function scriptedSource(steps: readonly SourceStep[], options: { readonly name?: string } = {}): ScriptedSource {
  const { name = 'scripted' } = options;
  const script = [...steps];
  const reads: ScriptedRead[] = [];
  const scope = new CallScope(`the source ${name}`);
  let next = 0;
  let closed = false;

  function take(step: SourceStep, known: Revision | undefined, signal: AbortSignal): Promise<ReadResult> {
    switch (step.kind) {
      case 'document':
        return Promise.resolve(answer(step, known));
      case 'unchanged':
        return Promise.resolve({ kind: 'unchanged', revision: step.revision });
      case 'fail':
        return Promise.reject(
          new StoreError(step.reason, step.message ?? `${name}: ${step.reason}, by its script`, step.details),
        );
      case 'throw':
        return Promise.reject(step.value);
      case 'hang':
        return scope.run(`read ${name}`, signal, () => new Promise(() => undefined));
      case 'hang-forever':
        return new Promise(() => undefined);
      case 'wait':
        return step.gate.then(
          () => take(step.next, known, signal),
          () => take(step.next, known, signal),
        );
    }
  }

  return {
    name,
    reads,
    push: (...more) => {
      script.push(...more);
    },
    get closed() {
      return closed;
    },
    read(known, signal, announced) {
      reads.push({ known, announced, signal });
      // A signal that is aborted already, or a closed source, takes no step.
      if (signal.aborted || closed) return scope.run(`read ${name}`, signal, () => new Promise(() => undefined));
      const step = script[Math.min(next, script.length - 1)];
      next = Math.min(next + 1, script.length);
      if (step === undefined) return Promise.reject(new StoreError('not-found', `${name} has no steps`));
      return take(step, known, signal);
    },
    close: async () => {
      closed = true;
      scope.close();
    },
  };
}

function answer(step: Extract<SourceStep, { kind: 'document' }>, known: Revision | undefined): ReadResult {
  const { kind: _kind, text, complete, ancestors, ...reading } = step;
  if (known !== undefined && compareRevisions(step.revision, known) === 'same')
    return { kind: 'unchanged', ...reading };
  return {
    kind: 'document',
    text,
    ...(complete !== undefined && { complete }),
    ...(ancestors !== undefined && { ancestors }),
    ...reading,
  };
}
