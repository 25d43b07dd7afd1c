/**
 * MurmurHash3 x86 32-bit (Austin Appleby, public domain), over the UTF-8 bytes of text: without encoding the text,
 * joining strings or allocating. A lone surrogate counts as U+FFFD, as every UTF-8 encoder writes it.
 */

/** The state after some bytes, from which any number of hashes can be continued. */
export interface Murmur3State {
  hash: number;
  /** Bytes that do not fill a block yet, the first one lowest. */
  pending: number;
  /** How many bits of `pending` are taken: 0, 8, 16 or 24. */
  bits: number;
  /** Bytes so far. */
  length: number;
}

function scramble(block: number): number {
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

/**
 * The hash of what led to `state` followed by the UTF-8 bytes of `text`, as a signed 32-bit integer. `keep` takes the
 * state after it.
 */
export function continueMurmur3(state: Murmur3State, text: string, keep?: Murmur3State): number {
  let { hash, pending, bits, length } = state;
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
    let point = text.charCodeAt(index);
    // The character's UTF-8 bytes, the first one lowest.
    let bytes = point;
    if (point > 0x7f) {
      point = text.codePointAt(index)!;
      if (point > 0xffff) index++;
      else if (point >> 11 === 27) point = 0xfffd;
      bytes = 0x80 | (point & 0x3f);
      let lead = 0x1f;
      for (point >>= 6; point > lead; point >>= 6) {
        // Not all of the rest fits into the first byte beside the ones that tell the number of bytes.
        bytes = (bytes << 8) | 0x80 | (point & 0x3f);
        lead >>= 1;
      }
      bytes = (bytes << 8) | ((~lead << 1) & 0xff) | point;
    }
    do {
      pending |= (bytes & 0xff) << bits;
      bytes >>>= 8;
      bits += 8;
      length++;
      if (bits === 32) {
        hash = absorb(hash, pending);
        pending = bits = 0;
      }
    } while (bytes !== 0);
  }
  if (keep) Object.assign(keep, { hash, pending, bits, length });
  return finish(hash, pending, length);
}

/** The state after the UTF-8 bytes of `text`, from `seed`. */
export function murmur3State(text: string, seed = 0): Murmur3State {
  const state = { hash: seed | 0, pending: 0, bits: 0, length: 0 };
  continueMurmur3(state, text, state);
  return state;
}

/** MurmurHash3 x86 32-bit of the UTF-8 bytes of `text`, as an unsigned 32-bit integer. */
export function murmur3(text: string, seed = 0): number {
  return continueMurmur3(murmur3State('', seed), text) >>> 0;
}
