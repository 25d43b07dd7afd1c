import type { FlagDefinition, LongFlag, ShortFlag } from '../../src/document/types.ts';
import { type Known, randomAnswer, randomCondition } from './random-condition.ts';
import { type Experiments, randomExperiments, randomServe } from './random-dealing.ts';
import type { Random } from './random.ts';
import { INSTANTS, KEYS, NAMES, TEXTS } from './random-words.ts';

function randomFlag(random: Random, key: string, known: Known, experiments: Experiments): FlagDefinition {
  const shared = {
    ...(random.chance(0.2) && { description: 'why' }),
    ...(random.chance(0.2) && { metadata: { owner: 'team', nested: { list: [1, null, 'x'] } } }),
    ...(random.chance(0.3) && { clientVisible: random.chance(0.5) }),
    ...(random.chance(0.2) && { salt: random.pick(TEXTS) }),
    ...(random.chance(0.2) && {
      schedule: random.pick([
        {},
        { onAt: INSTANTS[0] },
        { offAt: INSTANTS[2] },
        { onAt: INSTANTS[0], offAt: INSTANTS[3] },
      ]),
    }),
  };
  if (random.chance(0.4)) {
    return {
      ...shared,
      status: random.pick(['enabled', 'disabled', 'beta', 'canary'] as const),
      ...(random.chance(0.7) && { rolloutPercentage: random.pick([0, 0.001, 33.3, 50, 100]) }),
      ...(random.chance(0.7) && { betaUsers: random.several(4, () => random.pick([...KEYS, 7, 0])) }),
    } satisfies ShortFlag;
  }
  const type = random.pick(['boolean', 'string', 'number', 'object'] as const);
  const value = {
    boolean: [true, false],
    string: TEXTS,
    number: [0, -1.5, 1e9],
    object: [{}, [], { a: [1, { b: null }] }],
  }[type];
  const named = type !== 'boolean' || random.chance(0.3);
  const names = named ? NAMES.slice(0, 1 + random.integer(NAMES.length)) : ['on', 'off'];
  const variants = Object.fromEntries(names.map((name) => [name, random.pick<unknown>(value)])) as NonNullable<
    LongFlag['variants']
  >;
  const prerequisites = known.flags.size > 0 && random.chance(0.5) ? [randomAnswer(random, known)] : [];
  const flagSalt = shared.salt ?? key;
  return {
    ...shared,
    type,
    ...(random.chance(0.3) && { enabled: random.chance(0.7) }),
    // Object.fromEntries makes __proto__ a property like any other.
    ...(named && { variants }),
    ...(random.chance(0.3) && { offVariant: random.chance(0.3) ? null : random.pick(names) }),
    ...(random.chance(0.5) && { prerequisites }),
    ...(random.chance(0.4) && {
      targets: random.several(2, () => ({
        variant: random.pick(names),
        keys: random.several(3, () => random.pick([...KEYS, 7])),
      })),
    }),
    ...(random.chance(0.7) && {
      rules: random.several(3, () => ({
        ...(random.chance(0.3) && { id: 'rule' }),
        when: randomCondition(random, known),
        serve: randomServe(random, names, { experiments, flagSalt, inRule: true }),
      })),
    }),
    fallthrough: randomServe(random, names, { experiments, flagSalt, inRule: false }),
  };
}

/** The names of a flag's variants. */
function variantsOf(flag: FlagDefinition): readonly string[] {
  return Object.keys(('type' in flag && flag.variants) || { on: true, off: false });
}

/** A document that the decoder accepts. */
export function randomDocument(random: Random): Record<string, unknown> {
  const experiments = randomExperiments(random);
  const segments: Record<string, unknown> = {};
  const flags: Record<string, FlagDefinition> = Object.create(null) as Record<string, FlagDefinition>;
  const known = { segments: [] as string[], flags: new Map<string, readonly string[]>() };
  const undrawn = ['staff', 'constructor', 'inner'].slice(0, random.integer(4));
  const drawSegment = (): void => {
    const name = undrawn.shift();
    if (name === undefined) return;
    segments[name] = {
      ...(random.chance(0.5) && { include: random.several(3, () => random.pick([...KEYS, 7])) }),
      ...(random.chance(0.3) && { exclude: random.several(3, () => random.pick(KEYS)) }),
      ...(random.chance(0.8) && { when: randomCondition(random, known, 2) }),
    };
    known.segments.push(name);
  };
  const keys = ['first', 'second', '__proto__', 'constructor', 'ünï', 'x y'].slice(0, 1 + random.integer(6));
  for (const key of keys) {
    // Between flags, so that segments ask flags and flags ask segments.
    for (let more = random.integer(3); more > 0; more--) drawSegment();
    flags[key] = randomFlag(random, key, known, experiments);
    known.flags.set(key, variantsOf(flags[key]));
  }
  while (undrawn.length > 0) drawSegment();
  const { layers, holdouts } = experiments;
  return {
    schemaVersion: 1,
    ...(random.chance(0.3) && { environment: 'test' }),
    flags,
    ...(random.chance(0.8) || known.segments.length > 0 ? { segments } : {}),
    ...(Object.keys(layers).length > 0 || random.chance(0.2) ? { layers } : {}),
    ...(Object.keys(holdouts).length > 0 || random.chance(0.2) ? { holdouts } : {}),
  };
}
