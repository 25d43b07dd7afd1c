/** IPv4 and IPv6 networks in CIDR notation, and the addresses in them. */
export interface Network {
  readonly words: readonly number[];
  /** Leading bits that an address shares with the network. */
  readonly bits: number;
}

/**
 * An address as eight 16-bit words. IPv4 addresses become IPv4-mapped IPv6 addresses (::ffff:a.b.c.d), so that both spellings of one address
 * are equal. Undefined for anything else, also for a zone index or octets with leading zeros.
 */
export function parseAddress(text: string): readonly number[] | undefined {
  const octets = text.split('.').map(Number) as [number, number, number, number];
  // Only the usual spelling comes back unchanged.
  if (
    octets.length === 4 &&
    octets.join('.') === text &&
    octets.every((octet) => octet >= 0 && octet < 256 && octet % 1 === 0)
  ) {
    const [a, b, c, d] = octets;
    return [0, 0, 0, 0, 0, 0xffff, a * 256 + b, c * 256 + d];
  }
  if (!/^[\da-f:.]{2,45}$/i.test(text)) return undefined;
  try {
    // The URL standard says what an IPv6 address is, and writes it in words without dots.
    const [left, right] = new URL(`http://[${text}]`).hostname.slice(1, -1).split('::');
    const parse = (half: string | undefined): number[] =>
      half ? half.split(':').map((word) => Number.parseInt(word, 16)) : [];
    const before = parse(left);
    const after = parse(right);
    return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
  } catch {
    return undefined;
  }
}

/** A network like `10.0.0.0/8` or `2001:db8::/32`; without a length it is that one address. Bits beyond the length are ignored. */
export function parseNetwork(text: string): Network | undefined {
  const [, address = '', length] = /^([^/]*)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  const words = parseAddress(address);
  const offset = address.includes(':') ? 0 : 96;
  const bits = length === undefined ? 128 : Number(length) + offset;
  return words && bits <= 128 ? { words, bits } : undefined;
}

export function inNetwork(address: readonly number[], { words, bits }: Network): boolean {
  return words.every(
    (word, index) => (word ^ address[index]!) >> Math.max(0, 16 - Math.max(0, bits - index * 16)) === 0,
  );
}
