import {
  decodeDocument,
  type FlagDefinition,
  type FlagDocument,
  type LongFlag,
  type Serve,
} from '@clarity/flags-core/document';
import { randomDocument } from '../../../core/test/document/random-document.ts';
import type { Random } from '../../../core/test/document/random.ts';
import type { Instruction } from '../../src/index.ts';

/** A decoded document, drawn. Half of its rules have ids of their own. */
export function drawnDocument(random: Random): FlagDocument {
  const drawn = randomDocument(random) as unknown as FlagDocument;
  for (const flag of Object.values(drawn.flags)) {
    for (const [index, rule] of ('status' in flag ? [] : (flag.rules ?? [])).entries()) {
      if (random.chance(0.7)) Object.assign(rule, { id: `rule-${index}` });
    }
  }
  return decoded(drawn);
}

export function decoded(document: unknown): FlagDocument {
  const result = decodeDocument(JSON.stringify(document));
  if (!result.ok) throw new Error(result.problems[0]!.message);
  return result.document;
}

/** Without what means the same as nothing: tables without entries. The order of users is nobody's business. */
export function meaningOf(document: FlagDocument): unknown {
  const isEmpty = (value: unknown): boolean => typeof value === 'object' && Object.keys(value ?? {}).length === 0;
  const members = Object.entries(document).filter(([name, value]) => name === 'flags' || !isEmpty(value));
  return JSON.parse(JSON.stringify(Object.fromEntries(members)));
}

/** An instruction that may or may not do for a document. `donor` has definitions to take. */
export function randomInstruction(random: Random, document: FlagDocument, donor: FlagDocument): Instruction {
  const table = random.pick(['flags', 'flags', 'flags', 'flags', 'segments', 'layers', 'holdouts'] as const);
  const names = Object.keys(document[table] ?? {});
  if (table === 'flags' || names.length === 0) return flagInstruction(random, document, donor);
  const name = random.pick(names);
  if (table === 'segments') return segmentInstruction(random, name, donor);
  if (table === 'holdouts') {
    return random.chance(0.8)
      ? { kind: 'setHoldoutPercentage', holdout: name, percentage: random.integer(101) }
      : { kind: 'removeHoldout', holdout: name };
  }
  const experiment = random.pick(['one-page', 'constructor', 'another']);
  return random.chance(0.8)
    ? { kind: 'setSlot', layer: name, experiment, ranges: random.pick([null, [], [[0, 1]]]) }
    : { kind: 'removeLayer', layer: name };
}

const KEYS = ['u1', 'a b', 'Zoë', 7, 'k1', 'k2', 'k3', 'k4', 'k5'];
const INSTANTS = ['2026-12-01T00:00:00Z', '2026-12-08T00:00:00Z', '2027-01-01T00:00:00Z'];

function keysOf(random: Random): (string | number)[] {
  return [random.pick(KEYS), ...random.several(2, () => random.pick(KEYS))];
}

function segmentInstruction(random: Random, segment: string, donor: FlagDocument): Instruction {
  const other = random.pick([{}, ...Object.values(donor.segments ?? {})]);
  const list = random.pick(['include', 'exclude'] as const);
  return random.pick<Instruction>([
    { kind: 'addToSegment', segment, list, keys: keysOf(random) },
    { kind: 'removeFromSegment', segment, list, keys: keysOf(random) },
    { kind: 'setSegmentCondition', segment, when: random.pick([null, { attribute: 'plan', op: 'exists' }]) },
    { kind: 'replaceSegment', segment, definition: other },
    { kind: 'removeSegment', segment },
  ]);
}

function variantsOf(flag: FlagDefinition): readonly string[] {
  return Object.keys(('variants' in flag && flag.variants) || { on: true, off: false });
}

function serveOf(random: Random, variants: readonly string[]): Serve {
  const [one, other] = [random.pick(variants), random.pick(variants)];
  const percentage = random.integer(101);
  return random.pick<Serve>([
    one,
    null,
    {
      kind: 'split',
      variants: [
        { variant: one, weight: percentage },
        { variant: other, weight: 100 - percentage },
      ],
    },
    { kind: 'split', variants: [{ variant: one, ranges: [[0, percentage * 1_000]] }], otherwise: other },
    { kind: 'ramp', variant: one, otherwise: other, curve: 'linear', points: [{ at: INSTANTS[0]!, percentage }] },
  ]);
}

function flagInstruction(random: Random, document: FlagDocument, donor: FlagDocument): Instruction {
  const flag = random.pick(Object.keys(document.flags));
  const definition = document.flags[flag]!;
  const variants = variantsOf(definition);
  const variant = random.pick(variants);
  const long = definition as Partial<LongFlag>;
  const ids = (long.rules ?? []).map(({ id }, place): string | number =>
    id === undefined || id === 'rule' ? place : id,
  );
  const rule = ids.length === 0 ? undefined : random.pick<string | number>(ids);
  const at = { flag, ...(rule !== undefined && random.chance(0.4) && { rule }) };
  const other = random.pick(Object.values(donor.flags));
  const id = `new-${random.integer(5)}`;
  const newRule = {
    id,
    when: { attribute: 'plan', op: 'equals', value: id } as const,
    serve: serveOf(random, variants),
  };
  const ramp = serveOf(random, variants);
  const any: readonly Instruction[] = [
    { kind: 'turnOn', flag },
    { kind: 'turnOff', flag },
    { kind: 'setSchedule', flag, schedule: random.pick([null, { onAt: INSTANTS[random.integer(3)]! }]) },
    { kind: 'setMetadata', flag, metadata: { [random.pick(['owner', 'ticket', '__proto__'])]: random.integer(9) } },
    { kind: 'setMetadata', flag, remove: [random.pick(['owner', 'nested'])] },
    { kind: 'setDescription', flag, description: random.pick([null, 'why', 'because']) },
    { kind: 'setSalt', flag, salt: random.pick([null, 'one', 'two']) },
    { kind: 'setClientVisible', flag, clientVisible: random.pick([null, true, false]) },
    { kind: 'addTargets', flag, variant, keys: keysOf(random) },
    { kind: 'removeTargets', flag, ...(random.chance(0.5) && { variant }), keys: keysOf(random) },
    { kind: 'setFallthrough', flag, serve: serveOf(random, variants) },
    { kind: 'addRule', flag, rule: newRule, ...(rule !== undefined && random.chance(0.5) && { before: rule }) },
    { kind: 'setPercentage', ...at, percentage: random.integer(101) },
    { kind: 'setPercentage', ...at, variant, percentage: random.integer(101) },
    { kind: 'setPrerequisites', flag, prerequisites: random.pick([null, [], long.prerequisites ?? []]) },
    { kind: 'archive', flag },
    { kind: 'unarchive', flag },
    { kind: 'replace', flag, definition: other },
    { kind: 'remove', flag },
    { kind: 'create', flag: `created-${random.integer(3)}`, definition: other },
    { kind: 'setEnvironment', environment: random.pick([null, 'live', 'staging']) },
    ...(ramp !== null && typeof ramp === 'object' && ramp.kind === 'ramp'
      ? [{ kind: 'setRamp', ...at, ramp } as const]
      : []),
  ];
  if ('status' in definition) {
    const status = random.pick(['enabled', 'disabled', 'beta', 'canary'] as const);
    return random.pick<Instruction>([...any, { kind: 'setStatus', flag, status }]);
  }
  return random.pick<Instruction>([
    ...any,
    { kind: 'setTargets', flag, targets: random.pick([null, [{ variant, keys: keysOf(random) }]]) },
    { kind: 'setOffVariant', flag, variant: random.pick([null, variant]) },
    {
      kind: 'setVariants',
      flag,
      variants: { ...long.variants, more: Object.values(long.variants ?? { on: true })[0]! },
    },
    { kind: 'pauseRamp', ...at, at: INSTANTS[1]! },
    { kind: 'resumeRamp', ...at, at: INSTANTS[2]! },
    ...(rule === undefined
      ? []
      : ([
          { kind: 'replaceRule', flag, rule, with: { ...newRule, ...(typeof rule === 'string' && { id: rule }) } },
          { kind: 'removeRule', flag, rule },
          { kind: 'reorderRules', flag, order: ids.toReversed() },
        ] as const)),
  ]);
}
