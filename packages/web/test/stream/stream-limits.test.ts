import { expect, it } from 'vitest';
import { checkedStreamLimits } from '../../src/index.ts';

it('the bounds that nobody gives are the defaults', () => {
  expect(checkedStreamLimits({})).toEqual({ maxClients: 2_000, heartbeatMs: 8_000, maxBufferedBytes: 65_536 });
});

it.each([
  ['maxClients', 1, 100_000],
  ['heartbeatMs', 100, 600_000],
  ['maxBufferedBytes', 1_024, 16_777_216],
] as const)('%s is an integer from %d to %d', (name, least, most) => {
  for (const value of [least, most]) expect(checkedStreamLimits({ [name]: value })).toMatchObject({ [name]: value });
  for (const [value, found = value] of [
    [least - 1],
    [most + 1],
    [least + 0.5],
    [Number.NaN],
    [`${least}`, 'of type string'],
  ])
    expect(() => checkedStreamLimits({ [name]: value as number })).toThrow(
      `stream.${name} is ${found}; allowed is a whole number from ${least} to ${most}`,
    );
});
