/**
 * IPv4 and IPv6 networks in CIDR notation, and addresses, as text of zeros and ones: an address has 128, a network as
 * many as its addresses begin with. IPv4 addresses become IPv4-mapped IPv6 addresses (::ffff:a.b.c.d), so that both
 * spellings of one address are equal.
 */

/** Undefined for anything that is no address, also for a zone index or octets with leading zeros. */
export function parseAddress(text: string): string | undefined {
  if (!/^[\da-f.]*[.:][\da-f.:]{1,44}$/i.test(text)) return undefined;
  try {
    // The URL standard says what an IPv6 address is, with or without a dotted tail, and writes it in words without
    // dots.
    const host = new URL(`http://[${text.includes(':') ? '' : '::ffff:'}${text}]`).hostname.slice(1, -1);
    const [before = [], after] = host.split('::').map((half) => (half ? half.split(':') : []));
    const words = after ? [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after] : before;
    return words.map((word) => Number.parseInt(word, 16).toString(2).padStart(16, '0')).join('');
  } catch {
    return undefined;
  }
}

/**
 * A network like `10.0.0.0/8` or `2001:db8::/32`; without a length it is that one address. Bits beyond the length are
 * ignored.
 */
export function parseNetwork(text: string): string | undefined {
  const [, address = '', length] = /^([^/]*)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  const bits = length === undefined ? 128 : +length + (address.includes(':') ? 0 : 96);
  return bits > 128 ? undefined : parseAddress(address)?.slice(0, bits);
}
