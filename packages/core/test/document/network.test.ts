import { isIP, BlockList } from 'node:net';
import { describe, expect, it } from 'vitest';
import { parseAddress, parseNetwork } from '../../src/document/network.ts';
import { runSeed, sized } from '../../../../scripts/drawn-tests.ts';
import { seededRandom } from './random.ts';

const contains = (network: string, address: string): boolean =>
  parseAddress(address)!.startsWith(parseNetwork(network)!);

describe('networks', () => {
  it.each([
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.9.9.9/8', '10.1.1.1', true],
    ['192.168.1.128/25', '192.168.1.127', false],
    ['192.168.1.128/25', '192.168.1.128', true],
    ['1.2.3.4', '1.2.3.4', true],
    ['1.2.3.4/32', '1.2.3.5', false],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::/0', '2001:db8::1', true],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::', false],
    ['2001:db8::/33', '2001:db8:8000::', false],
    ['::1', '0:0:0:0:0:0:0:1', true],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['::ffff:10.0.0.0/104', '10.1.2.3', true],
  ])('%s holds %s: %s', (network, address, expected) => {
    expect(contains(network, address)).toBe(expected);
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.4 ',
    '0x1.2.3.4',
    '1e1.2.3.4',
    '-1.2.3.4',
    '1.2.3.+4',
    '::1%eth0',
    ':::',
    '1::2::3',
    '12345::',
    '[::1]',
    '::1/64',
    '1:2:3:4:5:6:7',
    'localhost',
    '::ffff:1.2.3',
    '1.2.3.Infinity',
  ])('know no address %j', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it.each(['1.2.3.4/33', '1.2.3.4/-1', '1.2.3.4/', '1.2.3.4/08', '::/129', '/8', '1.2.3.4/8/8', '1.2.3.4/8.0', 'x'])(
    'know no network %j',
    (text) => {
      expect(parseNetwork(text)).toBeUndefined();
    },
  );

  it('agree with the platform about random addresses', () => {
    const seed = runSeed();
    const random = seededRandom(seed);
    const hex = (): string => random.integer(random.pick([2, 0x10000])).toString(16);
    for (let round = 0; round < sized(2_000, 50_000); round++) {
      const sixth = random.chance(0.5);
      const words = Array.from({ length: 8 }, hex);
      const cut = random.integer(8);
      const address = sixth
        ? random.chance(0.5)
          ? words.join(':')
          : `${words.slice(0, cut).join(':')}::${words.slice(cut + 1 + random.integer(7 - cut)).join(':')}`
        : Array.from({ length: 4 }, () => random.integer(random.pick([2, 256]))).join('.');
      const bits = random.integer(sixth ? 129 : 33);
      const base = sixth
        ? words.map((word) => (random.chance(0.9) ? word : hex())).join(':')
        : Array.from({ length: 4 }, () => random.integer(random.pick([2, 256]))).join('.');
      const about = `SEED=${seed} ${address} in ${base}/${bits}`;
      expect(parseAddress(address) !== undefined, about).toBe(isIP(address) > 0);
      const list = new BlockList();
      list.addSubnet(base, bits, sixth ? 'ipv6' : 'ipv4');
      if (isIP(address) > 0)
        expect(contains(`${base}/${bits}`, address), about).toBe(list.check(address, sixth ? 'ipv6' : 'ipv4'));
    }
  });
});
