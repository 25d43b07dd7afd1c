import type { Finding } from '@clarity/flags-core/document';
import { ONLY_LONG } from './advice.ts';
import { isObject, isUnknownMember, valueAt } from './mistake.ts';
import { memberMeant } from './synonyms.ts';

/** Without findings that follow from another one: mending that one mends them. */
export function withoutEchoes(findings: readonly Finding[], root: unknown): readonly Finding[] {
  /** Members that are there under a slip of their name. */
  const misspelt = new Set<string>();
  for (const finding of findings) {
    if (!isUnknownMember(finding, root)) continue;
    const meant = memberMeant(String(finding.steps.at(-1)), finding.allowed.split(', '));
    if (meant !== undefined) misspelt.add(JSON.stringify([...finding.steps.slice(0, -1), meant]));
  }
  return findings.filter((finding) => {
    const { steps, found, allowed } = finding;
    if (found === 'nothing') return !misspelt.has(JSON.stringify(steps));
    if (!isUnknownMember(finding, root)) return true;
    // Nothing is known of a way to deal whose kind is not.
    if (allowed === 'kind') return false;
    // A flag that lacks its type is told so once.
    const around = valueAt(root, steps.slice(0, -1));
    const lacksType = allowed.includes('status') && isObject(around) && !Object.hasOwn(around, 'status');
    return !(lacksType && ONLY_LONG.has(String(steps.at(-1))));
  });
}
