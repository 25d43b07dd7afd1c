import type { Finding } from '@clarity/flags-core/document';
import type { Doubt } from './doubt.ts';
import {
  isObject,
  isOperatorAsName,
  isTypeMisspelt,
  isUnknownMember,
  lacksType,
  ONLY_LONG,
  valueAt,
} from './mistake.ts';
import { isPair, isShareOfBuckets } from './range-advice.ts';
import { weightsIn, wordsOf } from './ranged-split.ts';
import { memberMeant } from './synonyms.ts';

/** Without findings that follow from another one: mending that one mends them. */
export function withoutEchoes(findings: readonly Finding[], root: unknown): readonly Finding[] {
  /** Members that are there under a slip of their name, or in another form. */
  const misspelt = new Set<string>();
  for (const finding of findings) {
    if (!isUnknownMember(finding, root) || isOfLongFlag(finding, root)) continue;
    const [name, words] = [String(finding.steps.at(-1)), wordsOf(finding)];
    const steps = finding.steps.slice(0, -1);
    const around = valueAt(root, steps);
    const meant = isTypeMisspelt(name, words, around)
      ? 'status' // which a flag without a type lacks
      : isOperatorAsName(name, words, around)
        ? 'op'
        : memberMeant(name, words, around);
    const isShare = isShareOfBuckets(name, words);
    for (const one of isShare ? ['from', 'to'] : meant === undefined ? [] : [meant])
      misspelt.add(JSON.stringify([...steps, one]));
    // Where its ranges are meant an arm has no weight.
    if (meant === 'ranges') misspelt.add(JSON.stringify([...steps, 'weight']));
  }
  return findings.filter((finding) => {
    const { steps, found, allowed } = finding;
    if (isEchoOfDealing(finding, root)) return false;
    if (found === 'nothing') return !misspelt.has(JSON.stringify(steps));
    // Its variants are there, under a slip of their name.
    if (allowed === 'a variant of this flag') return !misspelt.has(JSON.stringify([...steps.slice(0, 2), 'variants']));
    if (!isUnknownMember(finding, root)) return true;
    // Nothing is known of a way to deal whose kind is not.
    if (allowed === 'kind') return false;
    // A flag that lacks its type is told so once.
    return !isOfLongFlag(finding, root);
  });
}

/** Whether the same slip in how a split deals is told of somewhere else. */
function isEchoOfDealing({ steps, found, allowed }: Finding, root: unknown): boolean {
  const [parent, name] = [valueAt(root, steps.slice(0, -1)), steps.at(-1)];
  // One range in place of a list of them is told at its first number.
  if (allowed.startsWith('a list of two, ')) return name === 1 && isPair(parent);
  // An arm with a weight in place of ranges is told at the weight; all of them at the first.
  if (name === 'ranges' && found === 'nothing') return isObject(parent) && 'weight' in parent;
  if (allowed.startsWith('ranges in place of a weight'))
    return steps.at(-2) !== 0 && weightsIn(valueAt(root, steps.slice(0, -3))) !== undefined;
  // In a fallthrough the gaps have to go, whatever stands beside them.
  return allowed.startsWith('otherwise, ') && name === 'fallthrough' && 'gaps' in Object(valueAt(root, steps));
}

/** Whether a flag that lacks nothing but its type would have this member. */
function isOfLongFlag({ steps, allowed }: Finding, root: unknown): boolean {
  const name = String(steps.at(-1));
  const isKnown = ONLY_LONG.has(name) || name === 'enabled';
  return isKnown && allowed.includes('status') && lacksType(valueAt(root, steps.slice(0, -1)));
}

/** Without doubts that may follow from a finding: whether they stand shows when that is mended. */
export function withoutEchoedDoubts(
  doubts: readonly Doubt[],
  findings: readonly Finding[],
  root: unknown,
): readonly Doubt[] {
  const flagsWithFindings = new Set(findings.map(({ steps }) => (steps[0] === 'flags' ? steps[1] : undefined)));
  const lacksTable = findings.some(({ steps, found }) => steps.length === 1 && found === 'nothing');
  /** Tables of which a name may be used where a finding hides it. */
  const hidden = new Set(findings.flatMap((finding) => hiddenTables(finding, root)));
  return doubts.filter(({ steps: [table, name, member, ...inner] }) => {
    if (table === 'flags' && inner.length === 0 && (member === 'status' || member === 'rolloutPercentage'))
      return !flagsWithFindings.has(name);
    if (name !== undefined && member === undefined) return !hidden.has(String(table));
    return name !== undefined || !lacksTable;
  });
}

/** Where a slip in a name, or in what it is the value of, may leave an entry unused that is meant. */
function hiddenTables(finding: Finding, root: unknown): readonly string[] {
  const table = /^the name of a (\w+) in this document$/.exec(finding.allowed)?.[1];
  if (table !== undefined) return [`${table}s`];
  if (finding.allowed.startsWith('a condition')) return ['segments'];
  if (!isUnknownMember(finding, root)) return [];
  return ['segments', 'layers', 'holdouts'];
}
