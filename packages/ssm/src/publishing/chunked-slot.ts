import { EpochFloor, nextEpoch, publishWarnings, textHash } from '@clarity/flags-core/adapter-kit';
import { type CountedRevision, isCounted, StoreError } from '@clarity/flags-core/ports';
import { toBase64 } from '../layout/base64.ts';
import { deflate } from '../layout/gzip.ts';
import {
  chunkName,
  formatManifest,
  identityOf,
  makeFolder,
  type Manifest,
  manifestName,
  MOST_CHUNKS,
  parseManifest,
  revisionOf,
} from '../layout/manifest.ts';
import type { SsmCalls } from '../ssm-calls.ts';
import type { Asked, DocumentSlot } from './document-slot.ts';
import { isSamePublication } from './lost-update.ts';
import { type SlotOptions, tierLimit } from './slot-options.ts';
import { withPatience } from './throttle-patience.ts';

/** What a publication is told to stand on: as many as in Redis. */
const MOST_ANCESTORS = 32;
/** What the first publication stands on. */
const NOTHING: CountedRevision = { epoch: 0, version: 0 };
const DESCRIPTION = 'Clarity Flags: names the chunks of the published document';

/** The manifest is the slot; preparing it writes the chunks. */
export function chunkedSlot(calls: SsmCalls, path: string, options: SlotOptions): DocumentSlot {
  const parameter = manifestName(path);
  const { type, keyId, tier } = options;
  return {
    parameter,
    type,
    keyId,
    // A manifest is small, so any tier will do: the account's default, or the one that it had before.
    tier: undefined,
    async prepare(text, asked, signal) {
      const bytes = new TextEncoder().encode(text);
      const hash = await textHash(bytes);
      const encoded = toBase64(await deflate(bytes));
      const chunks = cut(encoded, tierLimit(tier));
      if (chunks.length > MOST_CHUNKS) {
        throw new StoreError(
          'too-large',
          `the document for ${path} has ${bytes.length} bytes, ${encoded.length} when compressed, and ${MOST_CHUNKS} parameters of the ${tier.toLowerCase()} tier hold ${MOST_CHUNKS * tierLimit(tier)}; remove flags${tier === 'Standard' ? ', or use tier "advanced"' : ''}`,
        );
      }
      const folder = makeFolder(hash);
      const wallMs = Date.now();
      const storeMs = storeClock(calls.storeTimeMs, wallMs);
      const held =
        asked.held?.revision !== undefined && isCounted(asked.held.revision) ? asked.held.revision : undefined;
      const { floorEpoch } = asked;
      const manifest: Manifest = {
        ...nextRevision(path, { held, restore: asked.base === undefined, storeMs, wallMs, floorEpoch }),
        hash,
        folder,
        chunks: chunks.length,
        bytes: bytes.length,
        base: asked.base,
        ancestors: ancestorsOf(asked, held),
      };
      for (const [index, chunk] of chunks.entries()) {
        await withPatience(
          () =>
            calls.putParameter(
              {
                Name: chunkName(path, folder, index),
                Value: chunk,
                Type: type,
                Tier: tier,
                // The folder is ours alone, so a chunk that is there already is ours, from an attempt whose answer got
                // lost.
                Overwrite: true,
                ...(keyId !== undefined && { KeyId: keyId }),
              },
              signal,
            ),
          signal,
        );
      }
      return {
        revision: revisionOf(manifest),
        id: identityOf(manifest),
        value: formatManifest(manifest),
        description: DESCRIPTION,
        warnings: publishWarnings({ place: path, held, floorEpoch, storeMs: calls.storeTimeMs && storeMs, wallMs }),
      };
    },
    async read(stored) {
      const result = parseManifest(stored.value);
      if (result.kind === 'unreadable') {
        return { revision: undefined, id: `v${stored.version}`, stored, unreadable: result.problem };
      }
      const { manifest } = result;
      const { ancestors } = manifest;
      return { revision: revisionOf(manifest), id: identityOf(manifest), stored, unreadable: undefined, ancestors };
    },
    raise(write, writes) {
      const { value, description } = write;
      const result = parseManifest(value);
      if (result.kind === 'unreadable') return { value, description };
      const others = writes.filter((one) => !isSamePublication(one.id, write.id));
      const wallMs = Date.now();
      const floor = new EpochFloor();
      for (const { epoch } of others) if (epoch !== undefined) floor.told({ epoch, version: 0 }, wallMs);
      if (result.manifest.epoch > floor.epoch) return { value, description };
      return { value: formatManifest({ ...result.manifest, epoch: floor.epoch + 1 }), description };
    },
    async readWrite({ version, value, description }) {
      const result = parseManifest(value);
      // Something else than a manifest was written by hand: it replaces what was there.
      if (result.kind === 'unreadable') return { version, id: `v${version}`, base: undefined, value, description };
      const { manifest } = result;
      const { epoch, base } = manifest;
      return { version, id: identityOf(manifest), base, epoch, value, description };
    },
  };
}

function cut(text: string, length: number): readonly string[] {
  const parts: string[] = [];
  for (let at = 0; at < text.length; at += length) parts.push(text.slice(at, at + length));
  return parts;
}

interface RevisionQuestion {
  readonly held: CountedRevision | undefined;
  readonly restore: boolean;
  readonly storeMs: number;
  readonly wallMs: number;
  readonly floorEpoch: number;
}

/** A higher epoch each time; the version begins anew with a restore, and in an empty slot. */
function nextRevision(
  path: string,
  { held, restore, storeMs, wallMs, floorEpoch }: RevisionQuestion,
): { epoch: number; version: number } {
  const { epoch, poisoned } = nextEpoch({ storeMs, wallMs, heldEpoch: held?.epoch, floorEpoch });
  if (restore || held === undefined) return { epoch, version: 1 };
  if (poisoned || held.version >= Number.MAX_SAFE_INTEGER) {
    throw new StoreError(
      'invalid',
      `${path} holds an epoch more than a day ahead or a version that cannot rise; no client adopts it: restore a document under a present epoch`,
    );
  }
  return { epoch, version: held.version + 1 };
}

/**
 * AWS tells whole seconds. The clock here says where within that second, as far as the two agree: else publications of
 * one second would not be told apart.
 */
function storeClock(storeTimeMs: number | undefined, wallMs: number): number {
  return storeTimeMs === undefined ? wallMs : Math.min(Math.max(wallMs, storeTimeMs), storeTimeMs + 999);
}

/** Newest first. A publisher that does not know them wrote what is held: it begins anew with that. */
function ancestorsOf({ held }: Asked, revision: CountedRevision | undefined): readonly CountedRevision[] {
  if (held === undefined) return [NOTHING];
  if (revision === undefined) return [];
  const { epoch, version } = revision;
  return [{ epoch, version }, ...(held.ancestors ?? [])].slice(0, MOST_ANCESTORS);
}
