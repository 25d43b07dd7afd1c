import { isLost, LOST_WRITES_REMEDY } from '@clarity/flags-core/adapter-kit';
import { formatRevision, isStoreError, type Revision, StoreError } from '@clarity/flags-core/ports';
import type { SsmCalls } from '../ssm-calls.ts';
import { ABSENT, type DocumentSlot, type Held, type Prepared } from './document-slot.ts';
import { isSamePublication, lastThatCounts, type Write } from './lost-update.ts';
import { historyOf } from './parameter-history.ts';
import { tierLimit } from './slot-options.ts';
import { withPatience } from './throttle-patience.ts';

/** How often a loser looks whether the winner's document is in place again. */
const MOST_MENDS = 10;

/** What the slot holds, or `undefined` for nothing. */
export async function readSlot(calls: SsmCalls, slot: DocumentSlot, signal: AbortSignal): Promise<Held | undefined> {
  try {
    const stored = await withPatience(() => calls.getParameter(slot.parameter, signal), signal);
    return await slot.read(stored);
  } catch (error) {
    if (isStoreError(error) && error.reason === 'not-found') return undefined;
    throw error;
  }
}

/**
 * Writes the slot, then finds out whether another publisher wrote in between. Of those who replaced the same document
 * the first to write wins; the others put its document back and get `conflict`. Until then readers may see theirs for a
 * moment; it comes back under a higher epoch, so that they adopt it again.
 */
export async function writeSlot(
  calls: SsmCalls,
  slot: DocumentSlot,
  held: Held | undefined,
  prepared: Prepared,
  signal: AbortSignal,
): Promise<Revision> {
  const version = await put(calls, slot, held, prepared, signal);
  const before = held?.stored.version ?? 0;
  if (version === before + 1) return prepared.revision;
  // Deleted and made anew meanwhile: there is nothing left to compare with.
  if (version <= before) return prepared.revision;
  return settle(calls, slot, held, prepared, signal);
}

async function put(
  calls: SsmCalls,
  slot: DocumentSlot,
  held: Held | undefined,
  prepared: Prepared,
  signal: AbortSignal,
): Promise<number> {
  try {
    return await withPatience(() => calls.putParameter(inputOf(slot, prepared, held !== undefined), signal), signal);
  } catch (error) {
    if (!isStoreError(error) || signal.aborted) throw error;
    if (error.reason === 'conflict') {
      const now = await readSlot(calls, slot, signal);
      throw conflict(slot, held, now);
    }
    if (error.reason !== 'unavailable' && error.reason !== 'timeout') throw error;
    // The write may have been carried out although its answer got lost.
    const now = await readSlot(calls, slot, signal).catch(() => undefined);
    if (now?.id === prepared.id && now.stored.version > (held?.stored.version ?? 0)) return now.stored.version;
    throw error;
  }
}

function inputOf(
  slot: DocumentSlot,
  { value, description }: { readonly value: string; readonly description: string },
  overwrite: boolean,
): Parameters<SsmCalls['putParameter']>[0] {
  return {
    Name: slot.parameter,
    Value: value,
    Description: description,
    Type: slot.type,
    Overwrite: overwrite,
    ...(slot.tier !== undefined && { Tier: isStandardSized(value) ? slot.tier : 'Advanced' }),
    ...(slot.keyId !== undefined && { KeyId: slot.keyId }),
  };
}

/** One that is larger is in the advanced tier already, or would have been refused. */
function isStandardSized(value: string): boolean {
  return new TextEncoder().encode(value).length <= tierLimit('Standard');
}

async function settle(
  calls: SsmCalls,
  slot: DocumentSlot,
  held: Held | undefined,
  prepared: Prepared,
  signal: AbortSignal,
): Promise<Revision> {
  const before = held?.stored.version ?? 0;
  for (let round = 0; round < MOST_MENDS; round += 1) {
    const writes = await writesAfter(calls, slot, before, signal);
    const winner = lastThatCounts(writes, held?.id ?? ABSENT);
    const latest = writes.at(-1);
    if (winner === undefined || latest === undefined) break;
    const inPlace = isSamePublication(latest.id, winner.id);
    const mended = slot.raise(inPlace ? latest : winner, writes);
    if (inPlace && mended.value === latest.value) {
      if (isSamePublication(winner.id, prepared.id)) return { ...prepared.revision, ...epochOf(latest) };
      throw new StoreError(
        'conflict',
        `${slot.parameter} was written by another publisher at the same moment (version ${winner.version}), and that document is in place; read it and publish on top of that`,
      );
    }
    await withPatience(() => calls.putParameter(inputOf(slot, mended, true), signal), signal);
  }
  throw new StoreError(
    'conflict',
    `${slot.parameter} is being written by many publishers at once, and an update may be lost; read it, look at its history, and publish again`,
  );
}

/** A publication of ours may have been put in place again under a higher epoch, by us or by another publisher. */
function epochOf({ epoch }: Write): { readonly epoch?: number } {
  return epoch === undefined ? {} : { epoch };
}

async function writesAfter(
  calls: SsmCalls,
  slot: DocumentSlot,
  version: number,
  signal: AbortSignal,
): Promise<readonly Write[]> {
  const history = await historyOf(calls, slot.parameter, signal);
  return Promise.all(history.filter((one) => one.version > version).map((one) => slot.readWrite(one)));
}

/** What is in the store is not what was expected. */
export function conflict(slot: DocumentSlot, expected: Held | Revision | undefined, now: Held | undefined): StoreError {
  const wanted = expected === undefined ? 'absent' : 'stored' in expected ? expected.revision : expected;
  const asked = wanted === undefined || wanted === 'absent' ? 'to be absent' : `to hold ${formatRevision(wanted)}`;
  const found =
    now === undefined ? 'nothing' : now.revision === undefined ? 'something else' : formatRevision(now.revision);
  const lost = wanted !== undefined && isLost(wanted, now?.revision, Date.now());
  const remedy = lost ? `, ${LOST_WRITES_REMEDY}` : '; read it again and publish on top of that';
  return new StoreError(
    'conflict',
    `${slot.parameter} was expected ${asked} and holds ${found}${remedy}`,
    now?.revision === undefined ? {} : { revision: now.revision },
  );
}
