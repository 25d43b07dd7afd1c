import { allPages } from '../all-pages.ts';
import { isFolder, manifestName, parseManifest } from '../layout/manifest.ts';
import { MOST_NAMES, type SsmCalls, type StoredVersion } from '../ssm-calls.ts';
import { withPatience } from './throttle-patience.ts';
import { historyOf } from './parameter-history.ts';

/** A folder of chunks that is there. */
interface Folder {
  readonly names: readonly string[];
  readonly newestMs: number;
}

/**
 * Deletes chunks that no reader can come to need. Kept are: those of the present manifest and of the one before it;
 * those of a labelled version of the manifest; and those written or replaced less than `keepMs` ago, which a
 * reader may be reading and a publisher may still be about to name.
 *
 * @returns how many parameters were deleted
 */
export async function collectGarbage(
  calls: SsmCalls,
  path: string,
  keepMs: number,
  signal: AbortSignal,
): Promise<number> {
  // The chunks first: one that is written after this look is not in it, even if the history already names it.
  const folders = await foldersBelow(calls, path, signal);
  const history = await historyOf(calls, manifestName(path), signal);
  const nowMs = calls.storeTimeMs ?? Date.now();
  const needed = neededFolders(history, nowMs - keepMs);
  const garbage = [...folders].flatMap(([folder, { names, newestMs }]) =>
    needed.has(folder) || newestMs > nowMs - keepMs ? [] : names,
  );
  for (let at = 0; at < garbage.length; at += MOST_NAMES) {
    const names = garbage.slice(at, at + MOST_NAMES);
    await withPatience(() => calls.deleteParameters(names, signal), signal);
  }
  return garbage.length;
}

async function foldersBelow(calls: SsmCalls, path: string, signal: AbortSignal): Promise<ReadonlyMap<string, Folder>> {
  const found = await allPages(`list the chunks below ${path}`, (nextToken) =>
    withPatience(() => calls.getParametersByPath(path, { recursive: true, decrypt: false, nextToken }, signal), signal),
  );
  const folders = new Map<string, Folder>();
  for (const { name, modifiedAtMs = Number.POSITIVE_INFINITY } of found) {
    const [, folder = '', rest = ''] = /^([^/]+)\/(\d{3})$/.exec(name.slice(path.length + 1)) ?? [];
    // A parameter that is not named like our chunks belongs to somebody else.
    if (rest === '' || !isFolder(folder)) continue;
    const { names, newestMs } = folders.get(folder) ?? { names: [], newestMs: 0 };
    folders.set(folder, { names: [...names, name], newestMs: Math.max(newestMs, modifiedAtMs) });
  }
  return folders;
}

/** @param history of the manifest, oldest first */
export function neededFolders(history: readonly StoredVersion[], replacedAfterMs: number): ReadonlySet<string> {
  const needed = new Set<string>();
  const newestFirst = new Set<string>();
  let replacedAtMs = Number.POSITIVE_INFINITY;
  for (const { value, labels, modifiedAtMs } of history.toReversed()) {
    const result = parseManifest(value);
    if (result.kind === 'manifest') {
      const { folder } = result.manifest;
      newestFirst.add(folder);
      const recent = newestFirst.size <= 2 || replacedAtMs > replacedAfterMs;
      if (recent || labels.length > 0) needed.add(folder);
    }
    replacedAtMs = modifiedAtMs ?? Number.POSITIVE_INFINITY;
  }
  return needed;
}
