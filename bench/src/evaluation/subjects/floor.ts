// The floor: for each flag the fastest closure that a person would write by hand for exactly these flags and users. It
// checks nothing, knows one kind of flag at a time, and its answers are the same as ours.
import type { Flag, TargetedFlag } from '../flag.ts';
import type { Loaded, Subject } from '../subject.ts';
import type { User } from '../user.ts';

type Ask = (user: User) => boolean;

export const floor: Subject = {
  write: (flags) => JSON.stringify(flags),

  contextFor: (user: User) => ({ ...user }),

  async load(text): Promise<Loaded> {
    const flags = (JSON.parse(text) as Flag[]).map((flag) => [flag.key, closureFor(flag)] as const);
    const byKey = new Map<string, Ask>(flags);
    const fromMap = (key: string, user: User, fallback: boolean): boolean => {
      const ask = byKey.get(key);
      return ask === undefined ? fallback : ask(user);
    };
    return {
      isEnabled: (key, user) => fromMap(key, user as User, false),
      orElse: (key, user, fallback) => fromMap(key, user as User, fallback),
      all(user) {
        const values: Record<string, boolean> = {};
        for (const [key, ask] of flags) values[key] = ask(user as User);
        return values;
      },
      close() {},
    };
  },
};

function closureFor(flag: Flag): Ask {
  switch (flag.kind) {
    case 'static': {
      const { on } = flag;
      return () => on;
    }
    case 'rollout': {
      const isBelow = below(flag.key, flag.percentage);
      return (user) => isBelow(user.id);
    }
    case 'targeted':
      return targeted(flag);
  }
}

function targeted({ key, countries, version: [major, minor], emailSuffix, percentage }: TargetedFlag): Ask {
  const isListed = new Set(countries);
  const isBelow = below(key, percentage);
  return ({ id, country, version, email }) =>
    isListed.has(country) && isAtLeast(version, major, minor) && email.endsWith(emailSuffix) && isBelow(id);
}

/** Whether a version is at least `major.minor.0`. */
function isAtLeast(version: string, major: number, minor: number): boolean {
  let at = 0;
  let part = 0;
  for (let code = version.charCodeAt(at); code !== 46; code = version.charCodeAt(++at)) part = part * 10 + code - 48;
  if (part !== major) return part > major;
  part = 0;
  at++;
  for (let code = version.charCodeAt(at); code !== 46; code = version.charCodeAt(++at)) part = part * 10 + code - 48;
  if (part !== minor) return part > minor;
  // A pre-release of the very version is before it; of a later patch it is not.
  return version.charCodeAt(at + 1) !== 48 || version.charCodeAt(at + 2) !== 45;
}

/** Whether the bucket of `key/unit` is below a percentage: murmur3 of ASCII, continued from the state after `key/`. */
function below(key: string, percentage: number): (unit: string) => boolean {
  const prefix = `${key}/`;
  const whole = prefix.length & ~3;
  let start = 0;
  for (let at = 0; at < whole; at += 4) start = absorb(start, block(prefix, at));
  const bits = (prefix.length & 3) * 8;
  let pending = 0;
  for (let at = whole; at < prefix.length; at++) pending |= prefix.charCodeAt(at) << ((at & 3) * 8);
  const taken = prefix.length;
  // Of all hashes: no need to reckon which of 100,000 buckets it is.
  const limit = (percentage / 100) * 2 ** 32;
  return (unit) => {
    let hash = start;
    let open = pending;
    const end = unit.length;
    const last = end & ~3;
    let at = 0;
    for (; at < last; at += 4) {
      const four = block(unit, at);
      hash = absorb(hash, open | (four << bits));
      open = (four >>> 1) >>> (31 - bits);
    }
    let shift = bits;
    for (; at < end; at++) {
      open |= unit.charCodeAt(at) << shift;
      shift += 8;
      if (shift === 32) {
        hash = absorb(hash, open);
        open = shift = 0;
      }
    }
    return finish(hash ^ scramble(open) ^ (taken + end)) >>> 0 < limit;
  };
}

function block(text: string, at: number): number {
  return (
    text.charCodeAt(at) |
    (text.charCodeAt(at + 1) << 8) |
    (text.charCodeAt(at + 2) << 16) |
    (text.charCodeAt(at + 3) << 24)
  );
}

function scramble(four: number): number {
  const mixed = Math.imul(four, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}

function absorb(hash: number, four: number): number {
  const mixed = hash ^ scramble(four);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
