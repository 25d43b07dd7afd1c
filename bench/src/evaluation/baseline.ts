// The yardstick: the least that evaluating a rollout can cost when the key and the user are joined into one string. It
// is part of every sample, so that numbers from noisy or different machines can be compared.
import type { RolloutFlag } from './flag.ts';
import type { User } from './user.ts';

/** `Map.get`, murmur3 of `flag:user`, compare. */
export function baseline(flags: readonly RolloutFlag[]): (key: string, user: unknown) => boolean {
  const percentages = new Map(flags.map((flag) => [flag.key, flag.percentage]));
  return (key, user) => {
    const percentage = percentages.get(key);
    return percentage !== undefined && murmur3(`${key}:${(user as User).id}`) % 100 < percentage;
  };
}

/** MurmurHash3 x86 32-bit, seed 0, of ASCII text, as it is usually written. */
function murmur3(text: string): number {
  const whole = text.length & ~3;
  let hash = 0;
  let block: number;
  for (let at = 0; at < whole; at += 4) {
    block =
      text.charCodeAt(at) |
      (text.charCodeAt(at + 1) << 8) |
      (text.charCodeAt(at + 2) << 16) |
      (text.charCodeAt(at + 3) << 24);
    block = Math.imul(block, 0xcc9e2d51);
    block = (block << 15) | (block >>> 17);
    hash ^= Math.imul(block, 0x1b873593);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  block = 0;
  for (let at = text.length - 1; at >= whole; at--) block = (block << 8) | text.charCodeAt(at);
  block = Math.imul(block, 0xcc9e2d51);
  block = (block << 15) | (block >>> 17);
  hash ^= Math.imul(block, 0x1b873593) ^ text.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
