/**
 * The one parameter that says which chunks make the document. It is written last, so it is the moment of publication.
 */
import { type CountedRevision, formatRevision } from '@clarity/flags-core/ports';

export interface Manifest {
  readonly epoch: number;
  readonly version: number;
  /** SHA-256 of the document's UTF-8 bytes. */
  readonly hash: string;
  /** The level that the chunks are under. Belongs to one publication and is never written again. */
  readonly folder: string;
  readonly chunks: number;
  /** Size of the document in UTF-8. */
  readonly bytes: number;
  /** What this was published on top of: the identity of a manifest, `absent`, or nothing when it was a restore. */
  readonly base: string | undefined;
  /**
   * The publications that this one stands on, newest first, as far as they are known (F90). Versions before 0.1 neither
   * write nor read them.
   */
  readonly ancestors: readonly CountedRevision[] | undefined;
}

export type ManifestResult =
  | { readonly kind: 'manifest'; readonly manifest: Manifest }
  /** `problem` completes "the manifest ...". Shows nothing of what is stored. */
  | { readonly kind: 'unreadable'; readonly problem: string };

/** Raised when an older version would misread the manifest. */
const FORMAT = 1;
/** The only encoding there is: gzip, then base64, cut into chunks. */
const ENCODING = 'gzip-base64';
/** Chunks are named by three digits. */
export const MOST_CHUNKS = 1_000;
const LONGEST_MANIFEST = 4_096;
/** More than anybody writes: the rest of a manifest needs its room. */
const MOST_ANCESTORS = 64;
const FOLDER = /^[0-9a-f]{12}-[0-9a-f]{8}$/;

export function manifestName(path: string): string {
  return `${path}/manifest`;
}

export function chunkName(path: string, folder: string, index: number): string {
  return `${path}/${folder}/${String(index).padStart(3, '0')}`;
}

/** Begins with the document's hash, for people; the random end makes it belong to one publication. */
export function makeFolder(hash: string): string {
  return `${hash.slice(0, 12)}-${crypto.randomUUID().slice(0, 8)}`;
}

export function isFolder(name: string): boolean {
  return FOLDER.test(name);
}

export function revisionOf({ epoch, version, hash }: Manifest): CountedRevision & { readonly hash: string } {
  return { epoch, version, hash };
}

/**
 * One publication and no other, also among those with one revision: publishers that did not know of each other. Its
 * folder alone tells; the numbers before it are for people and for versions before 0.1, and are raised when it is put
 * back (`isSamePublication`).
 */
export function identityOf({ epoch, version, folder }: Manifest): string {
  return `${epoch}.${version}.${folder}`;
}

export function formatManifest(manifest: Manifest): string {
  const { epoch, version, hash, folder, chunks, bytes, base, ancestors } = manifest;
  return JSON.stringify({
    clarity: FORMAT,
    epoch,
    v: version,
    sha256: hash,
    folder,
    chunks,
    encoding: ENCODING,
    bytes,
    ...(base !== undefined && { base }),
    ...(ancestors !== undefined && { recent: ancestors.map(formatRevision) }),
  });
}

export function parseManifest(value: string): ManifestResult {
  if (value.length > LONGEST_MANIFEST) return unreadable('is longer than any that a publisher of flags writes');
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    return unreadable('is not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return unreadable('is not a JSON object');
  const member = (name: string): unknown =>
    Object.hasOwn(parsed, name) ? (parsed as Readonly<Record<string, unknown>>)[name] : undefined;
  const format = member('clarity');
  if (typeof format === 'number' && format > FORMAT) {
    return unreadable(`has format ${format}, written by a newer version; update @clarity/flags-ssm here`);
  }
  if (format !== FORMAT) return unreadable('has no member "clarity": it was not written by a publisher of flags');
  if (member('encoding') !== ENCODING) return unreadable(`has another encoding than "${ENCODING}"`);
  const [epoch, version, chunks, bytes] = [member('epoch'), member('v'), member('chunks'), member('bytes')];
  const [hash, folder, base] = [member('sha256'), member('folder'), member('base')];
  // Numbers at or beyond 2^53 cannot be compared exactly (F54).
  if (!isCount(epoch)) return unreadable('has an "epoch" that is not a whole number below 2^53');
  if (!isCount(version)) return unreadable('has a "v" that is not a whole number below 2^53');
  if (!isCount(chunks) || chunks < 1 || chunks > MOST_CHUNKS) {
    return unreadable(`has a "chunks" that is not a whole number from 1 to ${MOST_CHUNKS}`);
  }
  if (!isCount(bytes)) return unreadable('has a "bytes" that is not a whole number below 2^53');
  if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash)) return unreadable('has a "sha256" that is not a hash');
  if (typeof folder !== 'string' || !isFolder(folder)) return unreadable('has a "folder" that is not one of ours');
  if (base !== undefined && typeof base !== 'string') return unreadable('has a "base" that is not text');
  const ancestors = ancestorsIn(member('recent'));
  return { kind: 'manifest', manifest: { epoch, version, hash, folder, chunks, bytes, base, ancestors } };
}

/** What cannot be understood is left out: nobody needs it to read the document. */
function ancestorsIn(recent: unknown): readonly CountedRevision[] | undefined {
  if (!Array.isArray(recent) || recent.length > MOST_ANCESTORS) return undefined;
  const ancestors = recent.flatMap((text: unknown) => {
    const [, epoch, version] = (typeof text === 'string' && /^(\d{1,16})\.(\d{1,16})$/.exec(text)) || [];
    const ancestor = { epoch: Number(epoch), version: Number(version) };
    return isCount(ancestor.epoch) && isCount(ancestor.version) ? [ancestor] : [];
  });
  return ancestors.length === recent.length ? ancestors : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function unreadable(problem: string): ManifestResult {
  return { kind: 'unreadable', problem };
}
