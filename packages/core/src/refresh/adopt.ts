import { compareRevisions, formatRevision, isCounted, type Revision, revisionProblem } from '../document/revision.ts';
import { redact } from '../adapter-kit/redact.ts';
import type { StoreFailure } from '../ports/store-error.ts';
import { lostBefore } from './lost-writes.ts';
import type { RefreshFailureReason, RefreshProblem } from './freshness.ts';
import { confirmedAt, renewed, stampOf } from './moment.ts';
import type { ReadOutcome, RefreshResult } from './protocol.ts';
import type { Origin } from './snapshot.ts';
import type { Flight, Rejection, SourceFailure, State } from './state.ts';
import type { Turn } from './turn.ts';

export type ReadVerdict =
  | { readonly kind: 'verified'; readonly result: RefreshResult }
  | { readonly kind: 'failure'; readonly failure: SourceFailure };

/** Decides what one read means for the served document, and adopts it if it is to be adopted. */
export function adoptReading(
  turn: Turn,
  flight: Flight,
  outcome: Exclude<ReadOutcome, { kind: 'called-off' }>,
): ReadVerdict {
  const { source } = flight;
  switch (outcome.kind) {
    case 'failed': {
      const { error } = outcome;
      const problem = problemOf(turn, source, error.reason, error.message);
      const { retryAfterMs } = error;
      return failed(source, retryAfterMs === undefined ? problem : { ...problem, retryAfterMs }, 'failure', error);
    }
    case 'rejected': {
      const { revision, reason, message, rest } = outcome;
      const verdict = reject(turn, source, revision, reason, message);
      if (rest === undefined || verdict.kind !== 'failure') return verdict;
      return { kind: 'failure', failure: { ...verdict.failure, rest: { reading: rest, flight } } };
    }
    case 'unchanged':
    case 'document':
      return takeReading(turn, flight, outcome);
  }
}

/**
 * What is left of a document with mistakes, for a client that has no flags of a store yet: most of the flags are better
 * than none (F65). Any other keeps its last good document whole. Gives what the refresh comes to, by which source, and
 * what went wrong before that one; undefined when nothing was adopted.
 */
export function adoptRest(
  turn: Turn,
  failures: readonly SourceFailure[],
):
  | { readonly result: RefreshResult; readonly source: number; readonly failures: readonly SourceFailure[] }
  | undefined {
  const { served } = turn.state;
  if (served !== undefined && served.origin.kind !== 'bootstrap') return undefined;
  for (const [index, { source, rest }] of failures.entries()) {
    const verdict = rest && takeReading(turn, rest.flight, rest.reading);
    if (verdict?.kind === 'verified') return { result: verdict.result, source, failures: failures.slice(0, index) };
  }
  return undefined;
}

function failed(
  source: number,
  problem: RefreshProblem,
  outcome: SourceFailure['outcome'],
  { retryable = false, retryAfterMs }: Partial<StoreFailure> = {},
): ReadVerdict {
  return { kind: 'failure', failure: { source, problem, outcome, retryable, retryAfterMs } };
}

function takeReading(
  turn: Turn,
  flight: Flight,
  reading: Extract<ReadOutcome, { kind: 'unchanged' | 'document' }>,
): ReadVerdict {
  const { state, now } = turn;
  const { source } = flight;
  const { served } = state;
  if (reading.storeTimeMs !== undefined) state.clockOffsetMs = Math.round(reading.storeTimeMs - now.wallMs);
  const wrong = problemOfRevision(state, source, reading.revision, now.wallMs);
  if (wrong !== undefined) return reject(turn, source, reading.revision, 'invalid', wrong, 'revision');

  const rejection = state.rejections[source];
  if (
    reading.kind === 'unchanged' &&
    rejection?.because === 'document' &&
    isSame(reading.revision, rejection.revision)
  ) {
    return reject(turn, source, rejection.revision, rejection.reason, rejection.message);
  }
  const lineage = state.lineages[source];
  if (lineage !== undefined && compareRevisions(reading.revision, lineage) === 'older') {
    // What was refused is not there any more. A source that says "unchanged" of another document says nothing about
    // that.
    if (reading.kind === 'document') {
      setRejection(turn, source, undefined);
      state.ignored = withOne(state.ignored, source, reading.revision);
    }
    return ignoreOlder(turn, source, reading.revision, lineage);
  }
  const held = served !== undefined && served.source === source && isSame(reading.revision, served.revision);
  if (reading.kind === 'unchanged' && !held) {
    const message = `answered "unchanged" at revision ${formatRevision(reading.revision)}, which was not the one asked about`;
    return failed(source, problemOf(turn, source, 'invalid', message), 'failure');
  }
  return verify(turn, flight, reading, held);
}

function verify(
  turn: Turn,
  { source, readBeganAt }: Flight,
  reading: Extract<ReadOutcome, { kind: 'unchanged' | 'document' }>,
  held: boolean,
): ReadVerdict {
  const { state, now, commands } = turn;
  const name = nameOf(turn, source);
  const origin: Origin = { kind: source === 0 ? 'primary' : 'fallback', name };
  const publishedAtMs = reading.publishedAtMs;
  if (held && state.served !== undefined) {
    // The same document, now confirmed by its source, wherever it was taken from before.
    state.served = { ...state.served, origin, publishedAtMs: publishedAtMs ?? state.served.publishedAtMs };
  } else if (reading.kind === 'document') {
    const lost = lostBefore(state.lineages[source], reading);
    if (lost !== undefined) {
      state.lostWrites = { source: name, lost, adopted: reading.revision, atMs: now.wallMs };
    }
    state.served = {
      ...reading.loaded,
      revision: reading.revision,
      ancestors: reading.ancestors,
      origin,
      source,
      fetchedAt: stampOf(now),
      publishedAtMs,
    };
    if (state.settings.hasCache) {
      const { text, revision } = reading;
      commands.push({ kind: 'save-cache', snapshot: { text, revision, source: name, verifiedAtMs: now.wallMs } });
    }
  }
  const confirmed = confirmedAt(readBeganAt, now, { ageMs: reading.ageMs, deadlineMs: state.settings.timeoutMs });
  state.verifiedAt = held && state.verifiedAt !== undefined ? renewed(state.verifiedAt, confirmed, now) : confirmed;
  state.lineages = withOne(state.lineages, source, reading.revision);
  if (state.ignored[source] !== undefined) state.ignored = withOne(state.ignored, source, undefined);
  setRejection(turn, source, undefined);
  return {
    kind: 'verified',
    result: { ok: true, outcome: held ? 'unchanged' : 'changed', revision: reading.revision, origin },
  };
}

/** Keeps the last good document and remembers what was refused, so that it is not downloaded again until it changes. */
function reject(
  turn: Turn,
  source: number,
  revision: Revision | undefined,
  reason: 'invalid' | 'too-large' | 'not-found',
  message: string,
  because: Rejection['because'] = 'document',
): ReadVerdict {
  const { state } = turn;
  const problem = problemOf(turn, source, reason === 'invalid' ? 'invalid_document' : reason, message);
  const before = state.rejections[source];
  // A revision that is not even equal to itself, a NaN in it, is no name for anything.
  const name = revision !== undefined && isSame(revision, revision) ? revision : undefined;
  if (reason === 'not-found') setRejection(turn, source, undefined);
  else if (before === undefined || !isRepeated(before, name, problem.message) || isWorse(because, before)) {
    const { message, atMs } = problem;
    const told = { source: problem.source, revision: name, message, atMs };
    setRejection(turn, source, { ...told, sourceIndex: source, because, reason });
  }
  return failed(source, problem, 'answered');
}

/** A clock that is set right mends a revision, and no text: of what was refused for both, the text is remembered. */
function isWorse(because: Rejection['because'], before: Rejection): boolean {
  return because === 'document' && before.because === 'revision';
}

function setRejection(turn: Turn, source: number, rejection: Rejection | undefined): void {
  const { state } = turn;
  if (state.rejections[source] === rejection) return;
  state.rejections = withOne(state.rejections, source, rejection);
  state.rejected = firstRejection(state, source);
}

/**
 * A flight has ended with this source: what those after it hold, nobody knows any more. What they were refused is
 * remembered, and not told.
 */
export function settleRejections({ state }: Turn, source: number): void {
  state.rejected = firstRejection(state, source);
}

function firstRejection({ rejections }: Pick<State, 'rejections'>, upTo: number): Rejection | undefined {
  return rejections.find((known, source) => known !== undefined && source <= upTo);
}

function withOne<T>(list: readonly T[], index: number, one: T): readonly T[] {
  return Object.assign([...list], { [index]: one });
}

function isRepeated(before: Rejection, revision: Revision | undefined, message: string): boolean {
  return before.revision === undefined || revision === undefined
    ? before.revision === revision && before.message === message
    : isSame(before.revision, revision);
}

/**
 * The revision by which a source is asked whether it still holds what it gave last and what is not to be downloaded
 * again.
 */
export function askedRevision(state: State, source: number, wallMs: number): Revision | undefined {
  const { served, ignored } = state;
  const own = served?.source === source ? served.revision : undefined;
  return refusedRevision(state, source, wallMs) ?? ignored[source] ?? own;
}

/** What it was refused; undefined when that may be good now. */
function refusedRevision(state: State, source: number, wallMs: number): Revision | undefined {
  const rejection = state.rejections[source];
  if (rejection?.revision === undefined || rejection.because === 'document') return rejection?.revision;
  return problemOfRevision(state, source, rejection.revision, wallMs) === undefined ? undefined : rejection.revision;
}

/**
 * What is wrong with a revision. An epoch that was right once is not made wrong by a clock that is set back, nor are
 * those that follow it.
 */
function problemOfRevision(state: State, source: number, revision: Revision, wallMs: number): string | undefined {
  const lineage = state.lineages[source];
  const adoptedMs = lineage !== undefined && isCounted(lineage) ? lineage.epoch : wallMs;
  return revisionProblem(revision, Math.max(wallMs, adoptedMs));
}

/** The source holds less than it held before: nothing is adopted and nothing is verified. */
function ignoreOlder(turn: Turn, source: number, revision: Revision, lineage: Revision): ReadVerdict {
  const message =
    `answered with revision ${formatRevision(revision)}, older than ${formatRevision(lineage)} which it held before: a replica ` +
    'that lags, or a store that lost its last writes or was put back; the next publication to it mends that';
  turn.signals?.ignored(turn);
  return failed(source, problemOf(turn, source, 'older_revision', message), 'success');
}

function isSame(one: Revision, other: Revision | undefined): boolean {
  return other !== undefined && compareRevisions(one, other) === 'same';
}

function nameOf(turn: Turn, source: number): string {
  return turn.state.settings.sources[source] ?? 'source';
}

function problemOf(turn: Turn, source: number, reason: RefreshFailureReason, message: string): RefreshProblem {
  return { reason, message: redact(message), source: nameOf(turn, source), atMs: turn.now.wallMs };
}
