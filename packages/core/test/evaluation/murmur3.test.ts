import { describe, expect, it } from 'vitest';
import { absorb, continueMurmur3, finish, murmur3, murmur3State } from '../../src/evaluation/murmur3.ts';
import { BUCKETS } from '../../src/document/bucket-count.ts';
import { bucket, threshold } from '../../src/evaluation/bucket.ts';
import { runSeed, sized } from '../../../../scripts/drawn-tests.ts';
import { seededRandom } from '../document/random.ts';

/** MurmurHash3 of any bytes, out of the parts that the product is made of. */
function murmur3OfBytes(bytes: Uint8Array, seed: number): number {
  let hash = seed | 0;
  let pending = 0;
  for (const [index, byte] of bytes.entries()) {
    pending |= byte << ((index % 4) * 8);
    if (index % 4 === 3) {
      hash = absorb(hash, pending);
      pending = 0;
    }
  }
  return finish(hash, pending, bytes.length) >>> 0;
}

describe('murmur3', () => {
  it('has the SMHasher verification value of MurmurHash3_x86_32', () => {
    // SMHasher hashes the keys {}, {0}, {0,1}, ... {0..254} with the seeds 256, 255, ... and then all results, as
    // little-endian bytes, with seed 0.
    const results = new Uint8Array(1024);
    const view = new DataView(results.buffer);
    for (let length = 0; length < 256; length++) {
      view.setUint32(
        length * 4,
        murmur3OfBytes(
          Uint8Array.from({ length }, (_, index) => index),
          256 - length,
        ),
        true,
      );
    }
    expect(murmur3OfBytes(results, 0)).toBe(0xb0f57ee3);
  });

  it('hashes the UTF-8 bytes of any text, also after another', () => {
    const seed = runSeed();
    const random = seededRandom(seed);
    const symbols = [
      'a',
      'Z',
      '0',
      '/',
      '\0',
      '\x7f',
      '\x80',
      'é',
      '\u07ff',
      '\u0800',
      '用',
      '\uffff',
      '\ud7ff',
      '\ue000',
      '😀',
      '\u{10000}',
      '\u{10ffff}',
      '\ud800',
      '\udbff',
      '\udc00',
      '\udfff',
    ];
    for (let round = 0; round < sized(20_000, 1_000_000); round++) {
      const text = (): string =>
        random.several(random.pick([3, 12]), () => (random.chance(0.5) ? 'x' : random.pick(symbols))).join('');
      const [before, after] = [text(), text()];
      const hashSeed = random.pick([0, 1, 0xffffffff]);
      // What a lone surrogate at the end of the one and the beginning of the other would become together is not what
      // they are apart.
      const bytes = Uint8Array.from([...new TextEncoder().encode(before), ...new TextEncoder().encode(after)]);
      const expected = murmur3OfBytes(bytes, hashSeed);
      expect(
        continueMurmur3(murmur3State(before, hashSeed), after) >>> 0,
        `SEED=${seed} ${JSON.stringify([before, after])}`,
      ).toBe(expected);
    }
  });

  it.each([
    ['', 0, 0],
    ['', 1, 0x514e28b7],
    ['', 0xffffffff, 0x81f16f39],
    ['test', 0, 0xba6bd213],
    ['Hello, world!', 0, 0xc0363e43],
    ['The quick brown fox jumps over the lazy dog', 0, 0x2e4ff723],
    ['ππππππππ', 0x9747b28c, 0xd58063c1],
  ])('of %j with seed %d is the published value', (text, seed, expected) => {
    expect(murmur3(text, seed)).toBe(expected);
  });

  it('takes lone surrogates for U+FFFD', () => {
    expect(murmur3('a\ud800b')).toBe(murmur3('a\ufffdb'));
    expect(murmur3('\udc00\ud800')).toBe(murmur3('\ufffd\ufffd'));
  });
});

describe('a bucket', () => {
  it('is the high part of hash times buckets', () => {
    for (let index = 0; index < 5000; index++) {
      const unit = `user-${index}`;
      const exact = (BigInt(murmur3(`checkout/${unit}`)) * BigInt(BUCKETS)) >> 32n;
      expect(bucket('checkout', unit)).toBe(Number(exact));
    }
  });

  it('is spread evenly', () => {
    const counts = new Array<number>(10).fill(0);
    for (let index = 0; index < 100_000; index++)
      counts[Math.floor(bucket('spread', String(index)) / (BUCKETS / 10))]! += 1;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('lies below a threshold of a thousandth of a percent', () => {
    expect([0, 0.001, 0.0004, 12.3456, 50, 99.9996, 100].map(threshold)).toEqual([
      0, 1, 0, 12_346, 50_000, 100_000, 100_000,
    ]);
  });
});
