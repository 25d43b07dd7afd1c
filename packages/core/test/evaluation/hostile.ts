import type { EvaluationContext } from '../../src/evaluation/context.ts';
import type { Random } from '../document/random.ts';
import { ATTRIBUTES, KEYS, TEXTS } from '../document/random-words.ts';

function refuse(): never {
  throw new Error('not today');
}

const THROWING = new Proxy(
  {},
  {
    get: refuse,
    has: refuse,
    ownKeys: refuse,
    getPrototypeOf: refuse,
    getOwnPropertyDescriptor: refuse,
    set: refuse,
    defineProperty: refuse,
    deleteProperty: refuse,
    isExtensible: refuse,
  },
);
const REVOKED = Proxy.revocable({}, {});
REVOKED.revoke();
const REVOKED_LIST = Proxy.revocable([], {});
REVOKED_LIST.revoke();
const ENDLESS = new Proxy([], { get: (_, name) => (name === 'length' ? Number.MAX_SAFE_INTEGER : 'x') });
const NEGATIVE = new Proxy([], { get: (_, name) => (name === 'length' ? { valueOf: refuse } : refuse()) });
const CIRCULAR: Record<string, unknown> = {};
CIRCULAR['user'] = CIRCULAR;
CIRCULAR['tags'] = [CIRCULAR];
const UNFRIENDLY = { toString: refuse, valueOf: refuse, toJSON: refuse, [Symbol.toPrimitive]: refuse };
const HUGE = 'x'.repeat(300_000);
const FALSE_DATE: unknown = Object.create(Date.prototype);

/** One attribute of a context that means harm, or of one that does not. */
function randomValue(random: Random): unknown {
  if (random.chance(0.6)) return random.pick<unknown>([...TEXTS, ...KEYS, 0, 7, 1.5, -1, true, false]);
  return random.pick<unknown>([
    null,
    undefined,
    NaN,
    -0,
    Infinity,
    2 ** 53,
    10n,
    Symbol('s'),
    refuse,
    THROWING,
    REVOKED.proxy,
    REVOKED_LIST.proxy,
    ENDLESS,
    NEGATIVE,
    CIRCULAR,
    UNFRIENDLY,
    [UNFRIENDLY, 'DE'],
    HUGE,
    '\ud800',
    '\udfff\ud800',
    FALSE_DATE,
    new Date(NaN),
    new Date(8.64e15),
    new Map([['a', 1]]),
    /x/g,
    new Array(4e9),
    [[[['DE']]]],
    Object.create(null),
    new Uint8Array(3),
    { plan: 'pro' },
    { plan: { plan: THROWING } },
  ]);
}

/** Contexts that throw, lie, and go in circles, and decent ones in between. */
export function randomContext(random: Random): EvaluationContext | undefined {
  const whole = random.integer(40);
  if (whole === 0)
    return random.pick<unknown>([
      undefined,
      null,
      'text',
      7,
      refuse,
      Symbol('s'),
      THROWING,
      REVOKED.proxy,
      [],
      CIRCULAR,
      HUGE,
    ]) as EvaluationContext;
  const context = random.pick<() => object>([
    () => ({}),
    () => ({}),
    () => Object.create(null) as object,
    () => Object.create({ country: 'DE' }) as object,
  ])();
  for (const name of [...ATTRIBUTES, 'user']) {
    if (random.chance(0.5)) continue;
    const value = randomValue(random);
    if (random.chance(0.05))
      Object.defineProperty(context, name, {
        get: random.pick([refuse, () => value]),
        enumerable: true,
        configurable: true,
      });
    else Object.defineProperty(context, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return context as EvaluationContext;
}
