import type { FlagDefinition } from '@clarity/flags-core/document';
import { flagWords } from './flag-words.ts';
import { exactMoment } from './moments.ts';
import { namedUsers } from './named-users.ts';
import { prerequisiteWords, ruleWords, servedWords } from './rule.ts';
import { quoted } from './texts.ts';

/** One step of a flag's evaluation, as a sentence. */
export interface StepWords {
  readonly step: 'enabled' | 'prerequisite' | 'schedule' | 'targets' | 'rule' | 'fallthrough';
  /** The rule's place, from 0. */
  readonly ruleIndex?: number;
  readonly text: string;
}

/**
 * What a flag does at a moment (Unix milliseconds), a sentence for each step, in the order of evaluation. A disabled
 * flag tells that first, and then what it would do. English, moments in UTC; users are counted, never named.
 */
export function describeSteps(definition: FlagDefinition, atMs: number): readonly StepWords[] {
  const read = flagWords(definition);
  const { enabled = true, prerequisites = [], schedule, rules = [], fallthrough } = read.flag;
  const steps: StepWords[] = [];
  if (!enabled) steps.push({ step: 'enabled', text: `Disabled: ${read.off} for everybody.` });
  for (const one of prerequisites) {
    steps.push({ step: 'prerequisite', text: `Needs ${prerequisiteWords(one)}, else ${read.off}.` });
  }
  for (const [word, text] of [
    ['before', schedule?.onAt],
    ['from', schedule?.offAt],
  ] as const) {
    if (text !== undefined)
      steps.push({ step: 'schedule', text: sentence(`${read.off} ${word} ${exactMoment(text)}`) });
  }
  for (const { answer, count } of namedUsers(read)) {
    steps.push({ step: 'targets', text: sentence(`${answer} for ${count}`) });
  }
  for (const [ruleIndex, rule] of rules.entries()) {
    const words = ruleWords(rule, read, atMs);
    const text = rule.id === undefined ? sentence(words) : `${quoted(rule.id)}: ${words}.`;
    steps.push({ step: 'rule', ruleIndex, text });
  }
  const whom = steps.some(({ step }) => step === 'targets' || step === 'rule') ? 'Everybody else' : 'Everybody';
  steps.push({ step: 'fallthrough', text: `${whom}: ${servedWords(fallthrough, read, atMs)}.` });
  return steps;
}

/** With a capital and a full stop. A name that begins it keeps its own letters. */
function sentence(text: string): string {
  return `${/^(on|off|the fallback|where) /.test(text) ? text[0]!.toUpperCase() + text.slice(1) : text}.`;
}
