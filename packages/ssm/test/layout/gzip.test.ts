import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from '../../src/layout/base64.ts';
import { deflate, inflate } from '../../src/layout/gzip.ts';

const bytes = (content: string | Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(content));

describe('compression', () => {
  it('gives back what was put in, empty or large', async () => {
    for (const text of ['', 'x', 'flag ü€🧀 '.repeat(100_000)]) {
      const inflated = await inflate(await deflate(bytes(text)), 10_000_000);
      expect(inflated).toEqual({ kind: 'bytes', bytes: bytes(text) });
    }
  });

  it('F20 a compression bomb stops at the cap, and little is held', { timeout: 30_000 }, async () => {
    const bomb = bytes(gzipSync(Buffer.alloc(100_000_000)));
    const before = process.memoryUsage().arrayBuffers;
    expect(await inflate(bomb, 1_000_000)).toEqual({ kind: 'too-large' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
  });

  it('the cap itself is allowed', async () => {
    const exact = bytes(gzipSync(Buffer.alloc(1_000)));
    expect(await inflate(exact, 1_000)).toMatchObject({ kind: 'bytes' });
    expect(await inflate(exact, 999)).toEqual({ kind: 'too-large' });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['no gzip', Buffer.from('{"schemaVersion":1}')],
    ['a cut stream', gzipSync('x'.repeat(10_000)).subarray(0, 20)],
    ['a stream with a wrong checksum', flipped(gzipSync('x'.repeat(10_000)))],
  ])('%s is corrupt, without an unhandled rejection', async (_name, content) => {
    expect(await inflate(bytes(content), 1_000_000)).toEqual({ kind: 'corrupt' });
  });
});

function flipped(content: Buffer): Buffer {
  const at = content.length - 6;
  content[at] = (content[at] ?? 0) ^ 0xff;
  return content;
}

describe('base64', () => {
  it('is that of everybody else, for every byte and length', () => {
    for (const length of [0, 1, 2, 3, 255, 8_191, 8_192, 8_193, 100_000]) {
      const content = Uint8Array.from({ length }, (_, at) => (at * 31) % 256);
      expect(toBase64(content)).toBe(Buffer.from(content).toString('base64'));
      expect(fromBase64(toBase64(content))).toEqual(content);
    }
  });

  it('what is not gzip is told', () => {
    expect(fromBase64('not ours!')).toBeUndefined();
  });
});
