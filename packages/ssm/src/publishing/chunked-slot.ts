import { StoreError, textHash } from '@clarity/flags-core/ports';
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
import type { DocumentSlot, Held } from './document-slot.ts';
import { type SlotOptions, tierLimit } from './slot-options.ts';
import { withPatience } from './throttle-patience.ts';

/** An epoch further ahead than this is adopted by no client (F13). */
const MAX_EPOCH_AHEAD_MS = 24 * 60 * 60 * 1000;
const DESCRIPTION = 'Clarity Flags: names the chunks of the published document';

/** The manifest is the slot; preparing it writes the chunks. */
export function chunkedSlot(calls: SsmCalls, path: string, options: SlotOptions): DocumentSlot {
  const parameter = manifestName(path);
  const { type, keyId, tier } = options;
  return {
    parameter,
    type,
    keyId,
    // A manifest is small: the account's default tier, and whatever it had before, will do.
    tier: undefined,
    async prepare(text, held, base, signal) {
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
      const manifest: Manifest = {
        ...nextRevision(path, held, base === undefined),
        hash,
        folder,
        chunks: chunks.length,
        bytes: bytes.length,
        base,
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
                // The folder is ours alone, so a chunk that is there already is ours, from an attempt whose answer got lost.
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
      };
    },
    async read(stored) {
      const result = parseManifest(stored.value);
      if (result.kind === 'unreadable') {
        return { revision: undefined, id: `v${stored.version}`, stored, unreadable: result.problem };
      }
      const { manifest } = result;
      return { revision: revisionOf(manifest), id: identityOf(manifest), stored, unreadable: undefined };
    },
    async readWrite({ version, value, description }) {
      const result = parseManifest(value);
      // What is no manifest was written by hand: it replaces whatever there was.
      if (result.kind === 'unreadable') return { version, id: `v${version}`, base: undefined, value, description };
      const { manifest } = result;
      return { version, id: identityOf(manifest), base: manifest.base, value, description };
    },
  };
}

function cut(text: string, length: number): readonly string[] {
  const parts: string[] = [];
  for (let at = 0; at < text.length; at += length) parts.push(text.slice(at, at + length));
  return parts;
}

/** The next version of the held epoch; for a restore, or into an empty slot, a new epoch. */
function nextRevision(path: string, held: Held | undefined, restore: boolean): { epoch: number; version: number } {
  const nowMs = Date.now();
  const revision = held?.revision;
  const counted = revision !== undefined && 'version' in revision ? revision : undefined;
  if (restore || counted === undefined) {
    const heldEpoch = counted !== undefined && counted.epoch <= nowMs + MAX_EPOCH_AHEAD_MS ? counted.epoch : 0;
    return { epoch: Math.max(nowMs, heldEpoch + 1), version: 1 };
  }
  if (counted.epoch > nowMs + MAX_EPOCH_AHEAD_MS || counted.version >= Number.MAX_SAFE_INTEGER) {
    throw new StoreError(
      'invalid',
      `${path} holds an epoch more than a day ahead or a version that cannot rise; no client adopts it: restore a document under a present epoch`,
    );
  }
  return { epoch: counted.epoch, version: counted.version + 1 };
}
