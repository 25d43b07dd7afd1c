/** The documents that a file has held, compressed, so that one can be taken back. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { errorCode, fsError } from './fs-error.ts';

/** How many are kept; the oldest go first. */
const MOST_TEXTS = 100;

function textsFolder(file: string): string {
  return join(dirname(file), '.history', basename(file));
}

function textPath(file: string, hash: string): string {
  return join(textsFolder(file), `${hash}.gz`);
}

/** Keeps a text under its hash. One that is there already is left as it is. */
export async function keepText(file: string, hash: string, text: string | Uint8Array): Promise<void> {
  const path = textPath(file, hash);
  if (await stat(path).catch(() => undefined)) return;
  const folder = textsFolder(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, await promisify(gzip)(text), { mode: 0o600 });
  await rename(temporary, path);
  await forgetOldest(folder);
}

async function forgetOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.gz'));
  if (names.length <= MOST_TEXTS) return;
  const dated = await Promise.all(
    names.map(async (name) => ({ name, ms: (await stat(join(folder, name)).catch(() => undefined))?.mtimeMs ?? 0 })),
  );
  const oldest = dated.toSorted((one, other) => one.ms - other.ms).slice(0, names.length - MOST_TEXTS);
  for (const { name } of oldest) await unlink(join(folder, name)).catch(() => undefined);
}

/** The text of a hash; undefined where it is not kept, or is not that text any more. */
export async function keptText(file: string, hash: string): Promise<string | undefined> {
  if (!/^[0-9a-f]{64}$/.test(hash)) return undefined;
  const path = textPath(file, hash);
  let packed: Uint8Array;
  try {
    packed = await readFile(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw fsError(error, `read ${path}`);
  }
  const text = await promisify(gunzip)(packed).catch(() => undefined);
  return text !== undefined && createHash('sha256').update(text).digest('hex') === hash
    ? text.toString('utf8')
    : undefined;
}
