import { boundFor } from '@clarity/flags-core';
import { decodeDocument } from '@clarity/flags-core/document';
import { formatRevision, isStoreError, type ReadDocument } from '@clarity/flags-core/ports';
import type { Store } from '@clarity/flags-node';
import { EXIT, type Line, type Outcome } from '../outcome.ts';
import { counted } from '../counted.ts';
import { readStore } from '../read-store.ts';

interface Finding {
  readonly check: 'reachable' | 'document' | 'cheap check' | 'feed' | 'publisher' | 'clock' | 'bound';
  readonly state: 'good' | 'doubtful' | 'bad';
  readonly message: string;
}

/** Said in words: colours are not there for everybody. */
const MARKS = { good: 'ok', doubtful: 'look', bad: 'wrong' } as const satisfies Record<Finding['state'], string>;

/** More than this between two clocks makes times of publication and schedules wrong by what people notice. */
const CLOCK_TOLERANCE_MS = 2_000;

/** Everything that can be known of a store without changing it. */
export async function doctor(store: Store, signal: AbortSignal): Promise<Outcome> {
  const findings = await examine(store, signal);
  const lines: Line[] = findings.map(({ check, state, message }) => ({
    text: `${MARKS[state].padEnd(5)} ${check.padEnd(12)} ${message}`,
    tone: state,
  }));
  return {
    code: findings.some(({ state }) => state === 'bad') ? EXIT.findings : EXIT.ok,
    value: { store: store.source.name, findings },
    lines,
  };
}

async function examine(store: Store, signal: AbortSignal): Promise<readonly Finding[]> {
  const began = performance.now();
  let read: ReadDocument;
  try {
    read = await readStore(store, signal);
  } catch (error) {
    if (!isStoreError(error)) throw error;
    return [{ check: 'reachable', state: 'bad', message: `${error.reason}: ${error.message}` }];
  }
  const tookMs = Math.round(performance.now() - began);
  return [
    { check: 'reachable', state: 'good', message: `${store.source.name} answered in ${tookMs} ms` },
    documentFinding(read),
    await checkFinding(store, read, signal),
    await feedFinding(store, signal),
    publisherFinding(store),
    clockFinding(read),
    boundFinding(store),
  ];
}

function documentFinding({ text, revision }: ReadDocument): Finding {
  const decoded = decodeDocument(text);
  const at = `revision ${formatRevision(revision)}`;
  if (!decoded.ok) {
    const [first] = decoded.problems;
    return { check: 'document', state: 'bad', message: `${at} is refused: ${first?.message ?? decoded.kind}` };
  }
  const { flags, setAside = [] } = decoded.document;
  return setAside.length === 0
    ? { check: 'document', state: 'good', message: `${at}, ${counted(Object.keys(flags).length, 'flag')}` }
    : {
        check: 'document',
        state: 'doubtful',
        message: `${at}, ${counted(setAside.length, 'flag')} would be set aside`,
      };
}

/** A poll that finds nothing new must not download everything again. */
async function checkFinding(store: Store, { revision }: ReadDocument, signal: AbortSignal): Promise<Finding> {
  const { kind } = await store.source.read(revision, signal);
  return kind === 'unchanged'
    ? { check: 'cheap check', state: 'good', message: 'an unchanged document is not downloaded again' }
    : {
        check: 'cheap check',
        state: 'doubtful',
        message: 'the document is downloaded with each check, or it changes right now',
      };
}

async function feedFinding({ feed }: Store, signal: AbortSignal): Promise<Finding> {
  if (feed === undefined)
    return { check: 'feed', state: 'good', message: 'this store announces nothing: clients poll it' };
  const subscription = new AbortController();
  try {
    const listener = { notice: () => {}, down: () => {}, up: () => {} };
    await feed.subscribe(listener, AbortSignal.any([signal, subscription.signal]));
    return { check: 'feed', state: 'good', message: `${feed.name} acknowledged a subscription` };
  } catch (error) {
    if (!isStoreError(error)) throw error;
    return { check: 'feed', state: 'bad', message: `${error.reason}: ${error.message}` };
  } finally {
    subscription.abort();
  }
}

function publisherFinding({ publisher }: Store): Finding {
  if (publisher === undefined) return { check: 'publisher', state: 'good', message: 'read only' };
  return publisher.guarantee === 'compare-and-set'
    ? { check: 'publisher', state: 'good', message: 'of two publishers one gets a conflict' }
    : {
        check: 'publisher',
        state: 'doubtful',
        message: 'this store cannot compare: a lost update is reported afterwards',
      };
}

function clockFinding({ storeTimeMs }: ReadDocument): Finding {
  if (storeTimeMs === undefined) return { check: 'clock', state: 'good', message: 'the store does not tell its time' };
  const offsetMs = Math.round(storeTimeMs - Date.now());
  const state = Math.abs(offsetMs) > CLOCK_TOLERANCE_MS ? 'doubtful' : 'good';
  return { check: 'clock', state, message: `the store's clock is ${offsetMs} ms ahead of this one` };
}

function boundFinding({ feed }: Store): Finding {
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
