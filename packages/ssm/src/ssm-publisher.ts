import {
  assertPublishable,
  CallScope,
  checkedChoice,
  checkedMaxBytes,
  checkedNumber,
  checkedSwitch,
  describeOption,
  requireFunction,
  EpochFloor,
} from '@clarity/flags-core/adapter-kit';
import {
  compareRevisions,
  type FlagPublisher,
  isCounted,
  isStoreError,
  type PublishedRevision,
  type Revision,
  StoreError,
  toStoreError,
} from '@clarity/flags-core/ports';
import { chunkedSlot } from './publishing/chunked-slot.ts';
import { collectGarbage } from './publishing/collect-garbage.ts';
import { ABSENT, type DocumentSlot, type Held } from './publishing/document-slot.ts';
import { singleSlot } from './publishing/single-slot.ts';
import type { SlotOptions } from './publishing/slot-options.ts';
import { conflict, readSlot, writeSlot } from './publishing/write-slot.ts';
import { Afterwork } from './publishing/afterwork.ts';
import { resolvePath } from './parameter-path.ts';
import { SsmCalls } from './ssm-calls.ts';
import { requireSsmOptions, MOST_BYTES, resolveName, type SsmStoreOptions } from './ssm-options.ts';

export interface SsmPublisherOptions extends SsmStoreOptions {
  /** `single`: `path` is the parameter that holds the document. `chunked`: below `path`, any size, atomic. */
  readonly layout: 'single' | 'chunked';
  /**
   * `standard` parameters are free and hold 4 KB; `advanced` ones hold 8 KB and cost a few cents a month each. AWS
   * turns none back, so one that is advanced already stays so. Default: `standard` for `single`, `advanced` for the
   * chunks of `chunked`, so that readers make few calls.
   */
  readonly tier?: 'standard' | 'advanced';
  /** Write SecureStrings: under the account's own key (`true`), or under this KMS key. Default false. */
  readonly secure?: boolean | { readonly keyId: string };
  /** Accept a document without flags. Default false: it is nearly always an accident. */
  readonly allowEmpty?: boolean;
  /**
   * How long chunks that are no longer needed are kept for readers that are slow, in milliseconds, 0 to 86,400,000 (a
   * day). Default 600,000. A publication that takes longer than this is given up. `chunked` only.
   */
  readonly keepChunksMs?: number;
  /** Told when old chunks could not be deleted; the publication itself succeeded. Default: nobody is. */
  readonly onGarbageError?: (error: StoreError) => void;
}

export interface SsmPublisher extends FlagPublisher {
  /**
   * Deletes chunks that nobody needs: those of replaced documents, and those of publishers that died (`chunked` only).
   * This happens by itself after a publication, once a minute at most. Resolves with the number of parameters deleted.
   * Rejects with a `StoreError`.
   */
  collectGarbage(signal: AbortSignal): Promise<number>;
}

const DEFAULT_KEEP_CHUNKS_MS = 600_000;
const LONGEST_KEEP_CHUNKS_MS = 86_400_000;
/** How long `close` waits for a write that is under way, and for the deletion of old chunks. */
const CLOSE_GRACE_MS = 2_000;
/** A publisher that publishes often deletes old chunks no more often than this: the calls are the account's. */
const COLLECT_GAP_MS = 60_000;

/**
 * Writes flag documents to Parameter Store. Readers see the old document or the new one: `chunked` writes its manifest
 * last.
 *
 * Parameter Store cannot compare before it writes, so `guarantee` is `detect`: of several publishers at once the first
 * to write wins; the others find out by the parameter's history, put the winner's document back and reject with
 * `conflict`.
 *
 * Needs `ssm:GetParameter`, `ssm:PutParameter` and `ssm:GetParameterHistory`; for `chunked` also
 * `ssm:GetParametersByPath` and `ssm:DeleteParameters`; with `secure` also `kms:Encrypt` (or `kms:GenerateDataKey`) and
 * `kms:Decrypt`.
 *
 * Rejects with `conflict`, `invalid`, `too-large` (with the sizes), `unauthorized`, `throttled`, `unavailable` or
 * `timeout`.
 *
 * @throws TypeError or RangeError for a bad option.
 */
export function ssmPublisher(options: SsmPublisherOptions): SsmPublisher {
  requireSsmOptions(options);
  const { layout, onGarbageError } = options;
  const allowEmpty = checkedSwitch('allowEmpty', options.allowEmpty);
  if (onGarbageError !== undefined) requireFunction('onGarbageError', onGarbageError, '(error) => log(error)');
  checkedChoice('layout', layout, ['single', 'chunked']);
  const path = resolvePath(options.path, { layout, writes: true });
  const name = resolveName(options.name, path);
  const maxBytes = checkedMaxBytes(options.maxBytes, MOST_BYTES);
  const { keepChunksMs = DEFAULT_KEEP_CHUNKS_MS } = options;
  checkedNumber('keepChunksMs', keepChunksMs, 0, LONGEST_KEEP_CHUNKS_MS, 'ms');
  const slotOptions = resolveSlotOptions(options);
  const calls = new SsmCalls(options);
  const slot = layout === 'single' ? singleSlot(calls, path, slotOptions) : chunkedSlot(calls, path, slotOptions);
  const scope = new CallScope(`the SSM publisher ${name}`);
  const afterwork = new Afterwork();
  const floor = new EpochFloor();
  let collecting = false;
  let collectedAtMs = Number.NEGATIVE_INFINITY;

  /** Remembers what it is told by this: what comes next is above that (F90). */
  async function write(
    text: string,
    expected: Revision | 'absent' | 'any',
    signal: AbortSignal,
  ): Promise<PublishedRevision> {
    assertPublishable(text, path, expected, { maxBytes, allowEmpty });
    floor.told(expected, Date.now());
    try {
      const published = await writeUpon(text, expected, signal);
      floor.told(published, Date.now());
      return published;
    } catch (error) {
      if (isStoreError(error)) floor.told(error.revision, Date.now());
      throw error;
    }
  }

  async function writeUpon(
    text: string,
    expected: Revision | 'absent' | 'any',
    signal: AbortSignal,
  ): Promise<PublishedRevision> {
    const begunMs = performance.now();
    const held = await readSlot(calls, slot, signal);
    if (expected !== 'any') refuseUnexpected(slot, expected, held);
    const base = expected === 'any' ? undefined : (held?.id ?? ABSENT);
    const prepared = await slot.prepare(text, { held, base, floorEpoch: floor.epoch }, signal);
    if (layout === 'chunked' && keepChunksMs > 0 && performance.now() - begunMs > keepChunksMs) {
      throw new StoreError(
        'timeout',
        `writing the chunks for ${path} took longer than keepChunksMs (${keepChunksMs} ms), so they may be deleted already; raise it, or make the document smaller`,
      );
    }
    signal.throwIfAborted();
    // From here on it is carried through even if the caller aborts: a write that was cut short could hide a lost
    // update.
    const revision = await afterwork.run((ending) => writeSlot(calls, slot, held, prepared, ending));
    if (layout === 'chunked') collectSoon();
    const { warnings } = prepared;
    return { ...revision, ...(warnings.length > 0 && { warnings }) };
  }

  /** Not part of the publication: it neither delays nor fails it. */
  function collectSoon(): void {
    const nowMs = performance.now();
    if (collecting || nowMs - collectedAtMs < COLLECT_GAP_MS) return;
    collectedAtMs = nowMs;
    collecting = true;
    void afterwork.run(collect);
  }

  async function collect(ending: AbortSignal): Promise<void> {
    try {
      await collectGarbage(calls, path, keepChunksMs, ending);
    } catch (error) {
      if (!ending.aborted) report(onGarbageError, error, path);
    } finally {
      collecting = false;
    }
  }

  return {
    name,
    guarantee: 'detect',
    publish: (text, expected, signal) =>
      scope.run(`publish to ${path}`, signal, (ending) => write(text, expected, ending)),
    restore: (text, signal) => scope.run(`restore ${path}`, signal, (ending) => write(text, 'any', ending)),
    collectGarbage: (signal) =>
      scope.run(`delete old chunks below ${path}`, signal, async (ending) =>
        layout === 'single' ? 0 : collectGarbage(calls, path, keepChunksMs, ending),
      ),
    async close() {
      scope.close();
      await afterwork.end(CLOSE_GRACE_MS);
      calls.close();
    },
  };
}

function resolveSlotOptions({ layout, tier, secure = false }: SsmPublisherOptions): SlotOptions {
  if (tier !== undefined) checkedChoice('tier', tier, ['standard', 'advanced']);
  const keyId: unknown = typeof secure === 'object' && secure !== null ? secure.keyId : undefined;
  if (typeof secure !== 'boolean' && (typeof keyId !== 'string' || keyId === '')) {
    const found = typeof secure === 'object' && secure !== null ? 'an object without keyId' : describeOption(secure);
    throw new TypeError(`secure is ${found}; allowed is true, false, or { keyId } with the key as text`);
  }
  const advanced = tier === undefined ? layout === 'chunked' : tier === 'advanced';
  return {
    type: secure === false ? 'String' : 'SecureString',
    keyId: typeof keyId === 'string' ? keyId : undefined,
    tier: advanced ? 'Advanced' : 'Standard',
  };
}

function refuseUnexpected(slot: DocumentSlot, expected: Revision | 'absent', held: Held | undefined): void {
  if (expected === 'absent') {
    if (held === undefined) return;
    throw conflict(slot, undefined, held);
  }
  if (held?.unreadable !== undefined) {
    throw new StoreError(
      'invalid',
      `${slot.parameter} holds something that ${held.unreadable}; restore a document over it, or choose another path`,
    );
  }
  if (held?.revision !== undefined && isSame(held.revision, expected)) return;
  throw conflict(slot, expected, held);
}

/**
 * A revision of a store that only hashes can still be compared with one that counts: by its hash. So can one that was
 * put back under a higher epoch, after another publisher had overwritten it.
 */
function isSame(held: Revision, expected: Revision): boolean {
  if (compareRevisions(held, expected) === 'same') return true;
  const sameText = held.hash !== undefined && held.hash === expected.hash;
  if (isCounted(held) && isCounted(expected)) {
    return sameText && held.version === expected.version && held.epoch > expected.epoch;
  }
  return sameText;
}

/** A listener of theirs that throws must not stop us (F45). */
function report(listener: ((error: StoreError) => void) | undefined, error: unknown, path: string): void {
  try {
    listener?.(toStoreError(error, `deleting old chunks below ${path}`));
  } catch {
    // Theirs to mend.
  }
}
