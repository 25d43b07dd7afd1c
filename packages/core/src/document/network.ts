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
  if (text.length > 45) return undefined;
  const dotted = /^(.*?)((?:^|(?<=:))\d[\d.]*\.[\d.]*)$/.exec(text);
  let tail: number[] = [];
  let head = text;
  if (dotted !== null) {
    const octets = dotted[2]!.split('.');
    if (octets.length !== 4 || octets.some((octet) => !/^(0|[1-9]\d{0,2})$/.test(octet) || Number(octet) > 255)) return undefined;
    const [a, b, c, d] = octets.map(Number) as [number, number, number, number];
    tail = [(a << 8) | b, (c << 8) | d];
    head = dotted[1]!;
    if (head === '') return [0, 0, 0, 0, 0, 0xffff, ...tail];
    // The colon before the dotted part separates; two of them stand for zeros.
    if (!head.endsWith('::')) head = head.slice(0, -1);
  }
  const halves = head.split('::');
  if (halves.length > 2) return undefined;
  const [left, right = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const words = [...left!, ...right];
  if (words.some((word) => !/^[\da-fA-F]{1,4}$/.test(word))) return undefined;
  const zeros = 8 - words.length - tail.length;
  if (halves.length === 2 ? zeros < 1 : zeros !== 0) return undefined;
  const parse = (word: string): number => Number.parseInt(word, 16);
  return [...left!.map(parse), ...Array<number>(zeros).fill(0), ...right.map(parse), ...tail];
}

/** A network like `10.0.0.0/8` or `2001:db8::/32`; without a length it is that one address. Bits beyond the length are ignored. */
export function parseNetwork(text: string): Network | undefined {
  const [address, length, ...rest] = text.split('/');
  const words = parseAddress(address!);
  if (words === undefined || rest.length > 0) return undefined;
  const width = address!.includes(':') ? 128 : 32;
  if (length === undefined) return { words, bits: 128 };
  if (!/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > width) return undefined;
  return { words, bits: Number(length) + 128 - width };
}

export function inNetwork(address: readonly number[], network: Network): boolean {
  return network.words.every((word, index) => {
    const bits = network.bits - index * 16;
    return bits <= 0 || (word ^ address[index]!) >> Math.max(0, 16 - bits) === 0;
  });
}
