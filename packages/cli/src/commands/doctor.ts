import { boundFor } from '@clarity/flags-core';
import { decodeDocument } from '@clarity/flags-core/document';
import { decodeReading } from '@clarity/flags-core/adapter-kit';
import {
  formatRevision,
  isCounted,
  isStoreError,
  type ReadDocument,
  type ReadResult,
  type StoreError,
  type StoreFinding,
  type StoreInspection,
} from '@clarity/flags-core/ports';
import type { FlagStore } from '@clarity/flags-core/ports';
import { EXIT, type ExitCode, type Line, type Outcome } from '../outcome.ts';
import { counted } from '../counted.ts';
import { tooLate } from '../deadline.ts';
import { readStore } from '../read-store.ts';
import type { Remark } from '../review/review.ts';
import { reviewReading, unplaced } from '../review/verdict.ts';
import { codeOfFailure } from '../store-failure.ts';
import type { Call } from '../verb.ts';
import { withStore } from '../with-store.ts';

interface Finding {
  readonly check:
    | StoreFinding['check']
    | 'reachable'
    | 'permitted'
    | 'document'
    | 'age'
    | 'cheap check'
    | 'feed'
    | 'publisher'
    | 'clock'
    | 'bound';
  readonly state: 'good' | 'doubtful' | 'bad';
  readonly message: string;
}

/** Said in words: colours are not there for everybody. */
const MARKS = { good: 'ok', doubtful: 'look', bad: 'wrong' } as const satisfies Record<Finding['state'], string>;

/** More than this between two clocks makes times of publication and schedules wrong by what people notice. */
const CLOCK_TOLERANCE_MS = 2_000;

/** Production's `staleAfterMs`, unless a program sets another. */
const STALE_AFTER_MS = 300_000;

/** Problems of the document that are named. */
const MOST_NAMED = 3;

export function performDoctor(call: Call): Promise<Outcome> {
  return withStore(call, call.words[0]!, (store, within) => within((signal) => doctor(store, signal)));
}

/** Everything that can be known of a store without changing it. */
export async function doctor(store: FlagStore, signal: AbortSignal): Promise<Outcome> {
  const { findings, failure } = await examine(store, signal);
  const lines: Line[] = findings.map(({ check, state, message }) => ({
    text: `${MARKS[state].padEnd(5)} ${check.padEnd(12)} ${message}`,
    tone: state,
  }));
  return {
    code: failure === undefined ? codeOf(findings) : codeOfFailure(failure),
    value: { store: store.source.name, findings },
    lines,
  };
}

function codeOf(findings: readonly Finding[]): ExitCode {
  return findings.some(({ state }) => state === 'bad') ? EXIT.findings : EXIT.ok;
}

interface Examination {
  readonly findings: readonly Finding[];
  /** Why the store could not be read. */
  readonly failure?: StoreError;
}

async function examine(store: FlagStore, signal: AbortSignal): Promise<Examination> {
  const began = performance.now();
  let read: ReadDocument;
  try {
    read = await readStore(store, signal);
  } catch (error) {
    if (!isStoreError(error)) throw error;
    const finding = readFinding(error);
    // Nobody is there to ask more.
    if (finding.check === 'reachable') return { findings: [finding], failure: error };
    const others = [await feedFinding(store, signal), publisherFinding(store), boundFinding(store)];
    return { findings: [finding, ...others], failure: error };
  }
  const tookMs = Math.round(performance.now() - began);
  const { storeTimeMs, findings } = await inspectionOf(store, signal);
  const all: readonly Finding[] = [
    { check: 'reachable', state: 'good', message: `${store.source.name} answered in ${tookMs} ms` },
    documentFinding(read),
    ...ageFindings(read),
    await checkFinding(store, read, signal),
    await feedFinding(store, signal),
    publisherFinding(store),
    ...findings,
    clockFinding(read, storeTimeMs),
    boundFinding(store),
  ];
  return { findings: all };
}

/** What the store tells of itself, if it can. One that can be read but not asked this may still hold good flags. */
async function inspectionOf({ inspector }: FlagStore, signal: AbortSignal): Promise<StoreInspection> {
  if (inspector === undefined) return { findings: [] };
  try {
    return await inspector.inspect(signal);
  } catch (error) {
    if (!isStoreError(error)) throw error;
    const { reason, message } = tooLate(signal) ?? error;
    return { findings: [{ check: 'persistence', state: 'doubtful', message: `${reason}: ${message}` }] };
  }
}

/** What keeps somebody from reading: that there is nobody, that they may not, or what is there. */
function readFinding({ reason, message, notADocument }: StoreError): Finding {
  const found = { state: 'bad', message: `${reason}: ${message}` } as const;
  // Something answers, and it is not the store.
  if (notADocument) return { check: 'reachable', ...found };
  switch (reason) {
    case 'unavailable':
    case 'timeout':
    case 'throttled':
      return { check: 'reachable', ...found };
    case 'unauthorized':
      return { check: 'permitted', ...found };
    case 'not-found':
    case 'invalid':
    case 'too-large':
    case 'conflict':
      return { check: 'document', ...found };
  }
}

function documentFinding(read: ReadDocument): Finding {
  const decoded = decodeReading(read, decodeDocument);
  const { problems } = reviewReading(read);
  const at = `revision ${formatRevision(read.revision)}`;
  if (!decoded.ok) return { check: 'document', state: 'bad', message: `${at} is refused: ${named(problems)}` };
  const { flags, setAside = [] } = decoded.document;
  const counts = `${at}, ${counted(Object.keys(flags).length, 'flag')}`;
  if (problems.length === 0) return { check: 'document', state: 'good', message: counts };
  const aside = setAside.length === 0 ? counts : `${at}, ${counted(setAside.length, 'flag')} would be set aside`;
  return { check: 'document', state: 'doubtful', message: `${aside}: ${named(problems)}` };
}

/** The first of all problems, as validate tells them. */
function named(problems: readonly Remark[]): string {
  const shown = problems.slice(0, MOST_NAMED).map(unplaced);
  const others = problems.length - shown.length;
  return [...shown, ...(others > 0 ? [`and ${others} more, which clarity-flags validate tells`] : [])].join('; ');
}

/**
 * About answers that a cache on the way gives from memory. Clients count their age in full, so flags may turn stale
 * while nothing fails.
 */
function ageFindings({ ageMs = 0 }: ReadDocument): readonly Finding[] {
  if (ageMs <= 0) return [];
  const seconds = Math.round(ageMs / 1_000);
  const message = `a cache on the way answers, and asked the store ${seconds} s ago`;
  return [
    ageMs < STALE_AFTER_MS
      ? { check: 'age', state: 'good', message: `${message}: changes arrive as much later` }
      : {
          check: 'age',
          state: 'bad',
          message: `${message}: with production's defaults flags are stale after ${STALE_AFTER_MS / 1_000} s; let it keep them for less`,
        },
  ];
}

/** A poll that finds nothing new must not download everything again. */
async function checkFinding(store: FlagStore, { revision }: ReadDocument, signal: AbortSignal): Promise<Finding> {
  let kind: ReadResult['kind'];
  try {
    ({ kind } = await store.source.read(revision, signal));
  } catch (error) {
    if (!isStoreError(error)) throw error;
    const { reason, message } = tooLate(signal) ?? error;
    return { check: 'cheap check', state: 'bad', message: `${reason}: ${message}` };
  }
  return kind === 'unchanged'
    ? { check: 'cheap check', state: 'good', message: 'an unchanged document is not downloaded again' }
    : {
        check: 'cheap check',
        state: 'doubtful',
        message: 'the document is downloaded with each check, or it changes right now',
      };
}

async function feedFinding({ feed }: FlagStore, signal: AbortSignal): Promise<Finding> {
  if (feed === undefined)
    return { check: 'feed', state: 'good', message: 'this store announces nothing: clients poll it' };
  const subscription = new AbortController();
  try {
    const listener = { notice: () => {}, down: () => {}, up: () => {} };
    await feed.subscribe(listener, AbortSignal.any([signal, subscription.signal]));
    return { check: 'feed', state: 'good', message: `${feed.name} acknowledged a subscription` };
  } catch (error) {
    if (!isStoreError(error)) throw error;
    const { reason, message } = tooLate(signal) ?? error;
    return { check: 'feed', state: 'bad', message: `${reason}: ${message}` };
  } finally {
    subscription.abort();
  }
}

function publisherFinding({ publisher }: FlagStore): Finding {
  if (publisher === undefined) return { check: 'publisher', state: 'good', message: 'read only' };
  return publisher.guarantee === 'compare-and-set'
    ? { check: 'publisher', state: 'good', message: 'of two publishers one gets a conflict' }
    : {
        check: 'publisher',
        state: 'doubtful',
        message: 'this store cannot compare: a lost update is reported afterwards',
      };
}

function clockFinding({ revision, ...read }: ReadDocument, inspectedMs: number | undefined): Finding {
  const storeTimeMs = inspectedMs ?? read.storeTimeMs;
  if (storeTimeMs === undefined) return { check: 'clock', state: 'good', message: 'the store does not tell its time' };
  const offsetMs = Math.round(storeTimeMs - Date.now());
  const message = `the store's clock is ${Math.abs(offsetMs)} ms ${offsetMs < 0 ? 'behind' : 'ahead of'} this one`;
  if (isCounted(revision) && revision.epoch > storeTimeMs + CLOCK_TOLERANCE_MS) {
    const until = `: it went back since the last publication, whose time it reaches in ${revision.epoch - storeTimeMs} ms`;
    return { check: 'clock', state: 'doubtful', message: message + until };
  }
  return { check: 'clock', state: Math.abs(offsetMs) > CLOCK_TOLERANCE_MS ? 'doubtful' : 'good', message };
}

function boundFinding({ feed }: FlagStore): Finding {
  const { arithmetic } = boundFor({
    environment: 'production',
    variables: false,
    ...(feed === undefined ? {} : { feed: true }),
  });
  return {
    check: 'bound',
    state: 'good',
    message: `with production's defaults a change arrives within: ${arithmetic}`,
  };
}
