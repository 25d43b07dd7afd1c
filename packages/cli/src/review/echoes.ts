import type { Finding } from '@clarity/flags-core/document';
import type { Doubt } from './lint.ts';
import { isOperatorAsName, isTypeMisspelt, isUnknownMember, lacksType, ONLY_LONG, valueAt } from './mistake.ts';
import { memberMeant } from './synonyms.ts';

/** Without findings that follow from another one: mending that one mends them. */
export function withoutEchoes(findings: readonly Finding[], root: unknown): readonly Finding[] {
  /** Members that are there under a slip of their name, or in another form. */
  const misspelt = new Set<string>();
  for (const finding of findings) {
    if (!isUnknownMember(finding, root) || isOfLongFlag(finding, root)) continue;
    const [name, words] = [String(finding.steps.at(-1)), finding.allowed.split(', ')];
    const steps = finding.steps.slice(0, -1);
    const around = valueAt(root, steps);
    const meant = isTypeMisspelt(name, words, around)
      ? 'status' // which a flag without a type lacks
      : isOperatorAsName(name, words, around)
        ? 'op'
        : memberMeant(name, words, around);
    if (meant !== undefined) misspelt.add(JSON.stringify([...steps, meant]));
  }
  return findings.filter((finding) => {
    const { steps, found, allowed } = finding;
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

/** Whether a flag that lacks nothing but its type would have this member. */
function isOfLongFlag({ steps, allowed }: Finding, root: unknown): boolean {
  const name = String(steps.at(-1));
  const isKnown = ONLY_LONG.has(name) || name === 'enabled';
  return isKnown && allowed.includes('status') && lacksType(valueAt(root, steps.slice(0, -1)));
}

/** Without doubts that may follow from a finding: whether they stand shows when that is mended. */
export function withoutEchoedDoubts(doubts: readonly Doubt[], findings: readonly Finding[]): readonly Doubt[] {
  const flagsWithFindings = new Set(findings.map(({ steps }) => (steps[0] === 'flags' ? steps[1] : undefined)));
  const lacksTable = findings.some(({ steps, found }) => steps.length === 1 && found === 'nothing');
  const lacksSegment = findings.some(({ allowed }) => allowed === 'the name of a segment in this document');
  return doubts.filter(({ steps: [table, name, member, ...inner] }) => {
    if (table === 'flags' && inner.length === 0 && (member === 'status' || member === 'rolloutPercentage'))
      return !flagsWithFindings.has(name);
    if (table === 'segments' && name !== undefined && member === undefined) return !lacksSegment;
    return name !== undefined || !lacksTable;
  });
}
