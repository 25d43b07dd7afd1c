import { describe, expect, it } from 'vitest';
import { formatManifest, identityOf, makeFolder, type Manifest, parseManifest } from '../../src/layout/manifest.ts';

const manifest: Manifest = {
  epoch: 1_763_812_800_000,
  version: 17,
  hash: 'a'.repeat(64),
  folder: 'aaaaaaaaaaaa-0123abcd',
  chunks: 5,
  bytes: 267_000,
  base: 'absent',
  ancestors: undefined,
};

describe('manifest', () => {
  it('what is written is what is read', () => {
    for (const one of [manifest, { ...manifest, base: undefined }]) {
      expect(parseManifest(formatManifest(one))).toEqual({ kind: 'manifest', manifest: one });
    }
  });

  it('two publications of one document have folders and identities of their own', () => {
    const [one, other] = [makeFolder(manifest.hash), makeFolder(manifest.hash)];
    expect(one).toMatch(/^a{12}-[0-9a-f]{8}$/);
    expect(other).not.toBe(one);
    expect(identityOf({ ...manifest, folder: one })).not.toBe(identityOf({ ...manifest, folder: other }));
  });

  it.each([
    ['', 'is not JSON'],
    ['null', 'is not a JSON object'],
    ['[]', 'is not a JSON object'],
    ['{"schemaVersion":1,"flags":{}}', 'has no member "clarity"'],
    [JSON.stringify({ clarity: 2 }), 'newer version'],
    ['{"__proto__":{"clarity":1}}', 'has no member "clarity"'],
    [' '.repeat(5_000), 'longer than any'],
  ])('%o is refused', (value, problem) => {
    expect(parseManifest(value)).toMatchObject({ kind: 'unreadable', problem: expect.stringContaining(problem) });
  });

  it.each([
    ['epoch', 2 ** 53],
    ['epoch', -1],
    ['epoch', '1763812800000'],
    ['v', 1.5],
    ['v', 2 ** 53],
    ['chunks', 0],
    ['chunks', 1_001],
    ['chunks', null],
    ['bytes', -1],
    ['sha256', 'A'.repeat(64)],
    ['sha256', 'a'.repeat(63)],
    ['folder', '../../secrets'],
    ['folder', 'aaaaaaaaaaaa-0123abcd/000'],
    ['encoding', 'brotli'],
    ['base', 7],
  ])('F54 a manifest with the %s %o is refused by that name', (member, value) => {
    const changed = JSON.stringify({ ...(JSON.parse(formatManifest(manifest)) as object), [member]: value });
    expect(parseManifest(changed)).toMatchObject({ kind: 'unreadable', problem: expect.stringContaining(member) });
  });
});
