/**
 * MurmurHash3 x86 32-bit (Austin Appleby, public domain), over the UTF-8 bytes of text: without encoding the text, joining strings or
 * allocating. A lone surrogate counts as U+FFFD, as every UTF-8 encoder writes it.
 */

/** The state after some bytes, from which any number of hashes can be continued. Immutable. */
export interface Murmur3State {
  readonly hash: number;
  /** Bytes that do not fill a block yet, the first one lowest. */
  readonly pending: number;
  /** How many bits of `pending` are taken: 0, 8, 16 or 24. */
  readonly bits: number;
  /** Bytes so far. */
  readonly length: number;
}

export function scramble(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}

/** Takes in one block of four bytes, the first one lowest. */
export function absorb(hash: number, block: number): number {
  const mixed = hash ^ scramble(block);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

/** The final hash as a signed 32-bit integer. `pending` holds the 0 to 3 bytes that filled no block. */
export function finish(hash: number, pending: number, length: number): number {
  let mixed = hash ^ scramble(pending) ^ length;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** The state after the UTF-8 bytes of `text`, from `seed`. */
export function murmur3State(text: string, seed = 0): Murmur3State {
  let hash = seed | 0;
  let pending = 0;
  let length = 0;
  for (const byte of new TextEncoder().encode(text)) {
    const at = length++ % 4;
    pending |= byte << (at * 8);
    if (at === 3) {
      hash = absorb(hash, pending);
      pending = 0;
    }
  }
  return { hash, pending, bits: (length % 4) * 8, length };
}

/** The hash of what led to `state` followed by the UTF-8 bytes of `text`, as a signed 32-bit integer. */
export function continueMurmur3(state: Murmur3State, text: string): number {
  let { hash, pending, length } = state;
  let { bits } = state;
  const end = text.length;
  let index = 0;
  // Four ASCII characters at a time, which is nearly every unit.
  for (; index + 3 < end; index += 4) {
    const a = text.charCodeAt(index);
    const b = text.charCodeAt(index + 1);
    const c = text.charCodeAt(index + 2);
    const d = text.charCodeAt(index + 3);
    if ((a | b | c | d) > 0x7f) break;
    const four = a | (b << 8) | (c << 16) | (d << 24);
    hash = absorb(hash, pending | (four << bits));
    // In two shifts, because a shift by 32 would be a shift by 0.
    pending = (four >>> 1) >>> (31 - bits);
  }
  length += index;
  for (; index < end; index++) {
    let unit = text.charCodeAt(index);
    // The character's UTF-8 bytes, the first one lowest.
    let bytes = unit;
    let count = 1;
    if (unit > 0x7f) {
      if (unit < 0x800) {
        bytes = 0x80c0 | (unit >> 6) | ((unit & 0x3f) << 8);
        count = 2;
      } else {
        let low = 0;
        if ((unit & 0xf800) === 0xd800) {
          low = unit < 0xdc00 && index + 1 < end ? text.charCodeAt(index + 1) : 0;
          if ((low & 0xfc00) !== 0xdc00) {
            low = 0;
            unit = 0xfffd;
          }
        }
        if (low === 0) {
          bytes = 0x8080e0 | (unit >> 12) | ((unit & 0xfc0) << 2) | ((unit & 0x3f) << 16);
          count = 3;
        } else {
          const point = ((unit & 0x3ff) << 10) + (low & 0x3ff) + 0x10000;
          bytes = 0x808080f0 | (point >> 18) | ((point & 0x3f000) >> 4) | ((point & 0xfc0) << 10) | ((point & 0x3f) << 24);
          count = 4;
          index++;
        }
      }
    }
    length += count;
    for (; count > 0; count--) {
      pending |= (bytes & 0xff) << bits;
      bytes >>>= 8;
      bits += 8;
      if (bits === 32) {
        hash = absorb(hash, pending);
        pending = 0;
        bits = 0;
      }
    }
  }
  return finish(hash, pending, length);
}

/** MurmurHash3 x86 32-bit of the UTF-8 bytes of `text`, as an unsigned 32-bit integer. */
export function murmur3(text: string, seed = 0): number {
  return continueMurmur3(murmur3State('', seed), text) >>> 0;
}
