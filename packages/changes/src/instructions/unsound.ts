import {
  type Finding,
  type FlagDocument,
  inspectDocument,
  inspectFlag,
  pathOf,
  type Segment,
} from '@clarity/flags-core/document';
import { entryAt } from './draft.ts';
import type { Instruction } from './instruction.ts';
import { type ChangeProblem, problem } from './problem.ts';
import { type Reference, referencesOf } from '../references/references.ts';
import { targetOf } from './target-of.ts';

/** Why a decoder would not take a document as it is after the instructions; what was wrong before is not theirs. */
export function unsound(
  before: FlagDocument,
  after: FlagDocument,
  instructions: readonly Instruction[],
): readonly ChangeProblem[] {
  const findings = findingsOf(after, Object.keys(before.flags).length === 0);
  if (findings.length === 0) return [];
  const known = new Set(findingsOf(before, true).map(({ message }) => message));
  const used = usesOf(after, instructions);
  // What is missed is told of the instruction that takes it away.
  const missed = new Set(used.flatMap(({ places }) => places.map(({ steps }) => pathOf(steps))));
  const invalid = findings.filter(({ message, path }) => !known.has(message) && !missed.has(path));
  return [
    ...used.map((one) => one.problem),
    ...invalid.map((finding) => {
      const instruction = lastAbout(finding, instructions);
      const told = problem('invalid', finding.steps, finding.found, finding.allowed);
      return { ...told, path: finding.path, message: finding.message, ...(instruction >= 0 && { instruction }) };
    }),
  ];
}

/** A word that no version knows: with it a flag is set aside, and others may ask for it as for the real one. */
const ASIDE = { status: 'enabled', 'set aside': true };

function findingsOf({ setAside = [], ...document }: FlagDocument, allowEmpty: boolean): readonly Finding[] {
  const aside = new Set(setAside.map(({ flagKey }) => flagKey));
  const flags = Object.fromEntries([
    ...Object.entries(document.flags),
    ...[...aside].map((flagKey) => [flagKey, ASIDE] as const),
  ]);
  const { findings } = inspectDocument(JSON.stringify({ ...document, flags }), { allowEmpty });
  return findings.filter(({ steps }) => !(steps[0] === 'flags' && aside.has(String(steps[1]))));
}

interface Used {
  readonly problem: ChangeProblem;
  readonly places: readonly Reference[];
}

/** What instructions take away though somebody asks for it. */
function usesOf(after: FlagDocument, instructions: readonly Instruction[]): readonly Used[] {
  let references: readonly Reference[] | undefined;
  return instructions.flatMap((instruction, index): Used[] => {
    const target = targetOf(instruction);
    if (target === undefined || !TAKE_AWAY.has(instruction.kind)) return [];
    const { table, key } = target;
    references ??= referencesOf(soundPartOf(after));
    const isAway = entryAt(after, table, key) === undefined;
    const places = isAway ? references.filter((one) => one.table === table && one.key === key) : [];
    if (places.length === 0) return [];
    const more = places.length > 1 ? ` and ${places.length - 1} more` : '';
    const found = `one that is asked for at ${pathOf(places[0]!.steps)}${more}`;
    const told = problem('used', [table, key], found, 'one that nothing asks for: change what asks for it before');
    return [{ problem: { ...told, instruction: index }, places }];
  });
}

/** The flags and segments that can be followed: those that are sound by themselves, whatever they ask for. */
function soundPartOf({ flags, segments = {}, ...document }: FlagDocument): FlagDocument {
  const isSound = (definition: unknown): boolean => inspectFlag('flag', definition).length === 0;
  const isSoundSegment = ({ when = { all: [] } }: Segment): boolean =>
    isSound({ type: 'boolean', rules: [{ when, serve: 'on' }], fallthrough: 'off' });
  return {
    ...document,
    flags: Object.fromEntries(Object.entries(flags).filter(([, flag]) => isSound(flag))),
    segments: Object.fromEntries(Object.entries(segments).filter(([, segment]) => isSoundSegment(segment))),
  };
}

const TAKE_AWAY: ReadonlySet<Instruction['kind']> = new Set([
  'remove',
  'removeSegment',
  'removeLayer',
  'removeHoldout',
]);

/** The last instruction about an entry; -1 where none is. */
function lastAbout({ steps: [table, key] }: Finding, instructions: readonly Instruction[]): number {
  return instructions.findLastIndex((instruction) => {
    const target = targetOf(instruction);
    return target?.table === table && target?.key === key;
  });
}
