/** Where a change to a path could come from, when some of its parts are symbolic links. */
import { lstat, readlink, realpath } from 'node:fs/promises';
import { dirname, join, parse, resolve, sep } from 'node:path';
import { errorCode } from './fs-error.ts';

/** More links than any sound set-up has; the kernel gives up at 40 too. */
const MOST_LINKS = 40;

/** Names to watch by directory: every link on the way and the file itself, or the first part that is missing. */
export type PathChain = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Follows `path` link by link. For Kubernetes' `/etc/flags/flags.json` -> `..data/flags.json` -> `..2026_01/flags.json`
 * these are `flags.json` and `..data` in `/etc/flags`, and `flags.json` in `/etc/flags/..2026_01`. A loop ends the
 * chain.
 */
export async function pathChain(path: string): Promise<PathChain> {
  const chain = new Map<string, Set<string>>();
  let { root: directory, parts } = split(path);
  let links = 0;
  for (let name = parts.shift(); name !== undefined; name = parts.shift()) {
    const here = join(directory, name);
    const kind = await kindOf(here);
    if (kind !== 'directory' || parts.length === 0) {
      const names = chain.get(directory) ?? new Set<string>();
      chain.set(directory, names.add(name));
    }
    if (kind === 'missing') break;
    if (kind === 'link') {
      links += 1;
      if (links > MOST_LINKS) break;
      const target = await readlink(here).catch(() => undefined);
      if (target === undefined) break;
      const next = split(target);
      if (next.root !== '') directory = next.root;
      parts = [...next.parts, ...parts];
    } else {
      directory = here;
    }
  }
  return chain;
}

function split(path: string): { root: string; parts: string[] } {
  const { root } = parse(path);
  const separators = sep === '\\' ? /[\\/]/ : /\//;
  return {
    root,
    parts: path
      .slice(root.length)
      .split(separators)
      .filter((part) => part !== '' && part !== '.'),
  };
}

async function kindOf(path: string): Promise<'missing' | 'link' | 'directory' | 'other'> {
  try {
    const stats = await lstat(path);
    return stats.isSymbolicLink() ? 'link' : stats.isDirectory() ? 'directory' : 'other';
  } catch (error) {
    // A part that cannot be looked at may appear later: the directory above it tells.
    return errorCode(error) === undefined ? 'other' : 'missing';
  }
}

/** Where a file would be made, when `path` does not exist or is a link to what does not. */
export async function danglingTarget(path: string): Promise<string> {
  let last = path;
  for (let links = 0; links < MOST_LINKS; links += 1) {
    const target = await readlink(last).catch(() => undefined);
    if (target === undefined) break;
    last = resolve(await realpath(dirname(last)), target);
  }
  return last;
}

/** The file behind the links; where it would be, when the last link points to nothing. */
export async function targetOf(path: string): Promise<string> {
  return realpath(path).catch(() => danglingTarget(path));
}
