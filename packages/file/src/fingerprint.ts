import type { BigIntStats } from 'node:fs';

/**
 * What the file system says about a file without reading it. Two different fingerprints mean that it may have changed.
 */
export interface Fingerprint {
  readonly device: bigint;
  readonly inode: bigint;
  readonly size: bigint;
  readonly modifiedNs: bigint;
  /** Time of the last change to content, name or rights; unlike the time of modification nobody can set it back. */
  readonly changedNs: bigint;
}

export function fingerprintOf(stats: BigIntStats): Fingerprint {
  return {
    device: stats.dev,
    inode: stats.ino,
    size: stats.size,
    modifiedNs: stats.mtimeNs,
    changedNs: stats.ctimeNs,
  };
}

export function sameFingerprint(a: Fingerprint, b: Fingerprint): boolean {
  return (
    a.device === b.device &&
    a.inode === b.inode &&
    a.size === b.size &&
    a.modifiedNs === b.modifiedNs &&
    a.changedNs === b.changedNs
  );
}

/**
 * Whether the file was touched less than `withinMs` before `wallMs`. A time ahead of our clock counts as just now: the
 * clock of a network file system may differ from ours.
 */
export function touchedWithin(print: Fingerprint, wallMs: number, withinMs: number): boolean {
  const touchedNs = print.modifiedNs > print.changedNs ? print.modifiedNs : print.changedNs;
  return wallMs - Number(touchedNs / 1_000_000n) < withinMs;
}
