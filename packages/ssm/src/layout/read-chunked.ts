import { textHash } from '@clarity/flags-core/adapter-kit';
import { compareRevisions, type ReadResult, type Revision, StoreError } from '@clarity/flags-core/ports';
import { MOST_NAMES, type SsmCalls, type StoredParameter } from '../ssm-calls.ts';
import { fromBase64 } from './base64.ts';
import { inflate } from './gzip.ts';
import { chunkName, type Manifest, manifestName, parseManifest, revisionOf } from './manifest.ts';
import { timesOf } from './times.ts';

export interface ChunkedPlace {
  readonly path: string;
  /** `''`, `:3` or `:label`: which version of the manifest. */
  readonly selector: string;
  readonly maxBytes: number;
}

type Assembled =
  | { readonly kind: 'text'; readonly text: string }
  /** `found` completes "the chunks of ...". */
  | { readonly kind: 'broken'; readonly found: string };

/**
 * A document in chunks: the manifest, and if that names another document than `known`, its chunks in tens. What does
 * not match the manifest's hash is never given out. It happens when chunks are collected or damaged under our hands, so
 * the whole is read once more from the manifest on (F17, F30).
 */
export async function readChunked(
  calls: SsmCalls,
  place: ChunkedPlace,
  known: Revision | undefined,
  signal: AbortSignal,
): Promise<ReadResult> {
  let found = '';
  for (let reading = 1; reading <= 2; reading += 1) {
    const stored = await calls.getParameter(manifestName(place.path) + place.selector, signal);
    const manifest = await readManifest(stored, place);
    const revision = revisionOf(manifest);
    const times = () => timesOf(stored.modifiedAtMs, calls.storeTimeMs);
    if (known !== undefined && compareRevisions(revision, known) === 'same')
      return { kind: 'unchanged', revision, ...times() };
    refuseLarge(manifest, place);
    const assembled = await assemble(calls, place, manifest, signal);
    if (assembled.kind === 'text') {
      const { ancestors } = manifest;
      const stands = ancestors !== undefined && { ancestors };
      return { kind: 'document', text: assembled.text, complete: true, revision, ...times(), ...stands };
    }
    found = assembled.found;
  }
  // Without a revision, so that it is not remembered: chunks may be mended while the manifest stays.
  throw new StoreError(
    'invalid',
    `the chunks below ${place.path} ${found}, also on reading them again; publish or restore a document there`,
  );
}

async function readManifest(stored: StoredParameter, place: ChunkedPlace): Promise<Manifest> {
  const result = parseManifest(stored.value);
  if (result.kind === 'manifest') return result.manifest;
  throw new StoreError(
    'invalid',
    `the manifest ${stored.name} (version ${stored.version}) ${result.problem}; check the layout option, or restore a document to ${place.path}`,
    { revision: { hash: await textHash(stored.value) } },
  );
}

function refuseLarge(manifest: Manifest, { path, maxBytes }: ChunkedPlace): void {
  if (manifest.bytes <= maxBytes) return;
  throw new StoreError(
    'too-large',
    `the document in ${path} has ${manifest.bytes} bytes and at most ${maxBytes} are allowed; remove flags, or raise maxBytes`,
    { revision: revisionOf(manifest) },
  );
}

async function assemble(
  calls: SsmCalls,
  { path, maxBytes }: ChunkedPlace,
  manifest: Manifest,
  signal: AbortSignal,
): Promise<Assembled> {
  const names = Array.from({ length: manifest.chunks }, (_, index) => chunkName(path, manifest.folder, index));
  const values = new Map<string, string>();
  for (let at = 0; at < names.length; at += MOST_NAMES) {
    for (const { name, arn, value } of await calls.getParameters(names.slice(at, at + MOST_NAMES), signal)) {
      values.set(name, value);
      // Asked by their ARNs, those that another account shares.
      if (arn !== undefined) values.set(arn, value);
    }
  }
  const missing = names.filter((name) => !values.has(name)).length;
  if (missing > 0) return { kind: 'broken', found: `are incomplete (${missing} of ${names.length} are missing)` };
  const compressed = fromBase64(names.map((name) => values.get(name)).join(''));
  if (compressed === undefined) return { kind: 'broken', found: 'are not base64' };
  // The manifest's own size is the cap: what inflates to more is not what was published.
  const inflated = await inflate(compressed, Math.min(manifest.bytes, maxBytes));
  switch (inflated.kind) {
    case 'corrupt':
      return { kind: 'broken', found: 'cannot be inflated' };
    case 'too-large':
      return { kind: 'broken', found: `inflate to more than the ${manifest.bytes} bytes of the manifest` };
    case 'bytes':
      if ((await textHash(inflated.bytes)) !== manifest.hash) {
        return { kind: 'broken', found: 'do not have the checksum of the manifest' };
      }
      return { kind: 'text', text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(inflated.bytes) };
  }
}
