import { parseInstant } from '@clarity/flags-core/definition';
import type { FlagDefinition, Serve } from '@clarity/flags-core/document';
import { describeCondition } from './condition.ts';
import { dealingWords } from './dealing.ts';
import { type FlagWords, flagWords } from './flag-words.ts';
import { exactMoment } from './moments.ts';
import { namedUsers } from './named-users.ts';
import { listed, quoted } from './texts.ts';

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
  for (const { flag, variants } of prerequisites) {
    steps.push({
      step: 'prerequisite',
      text: `Needs ${quoted(flag)} to be ${listed(variants.map(quoted), 'or')}, else ${read.off}.`,
    });
  }
  for (const [word, text] of [
    ['before', schedule?.onAt],
    ['from', schedule?.offAt],
  ] as const) {
    const ms = text === undefined ? undefined : parseInstant(text);
    if (ms !== undefined) steps.push({ step: 'schedule', text: sentence(`${read.off} ${word} ${exactMoment(ms)}`) });
  }
  for (const { answer, count } of namedUsers(read)) {
    steps.push({ step: 'targets', text: sentence(`${answer} for ${count}`) });
  }
  for (const [ruleIndex, { id, description, when, serve }] of rules.entries()) {
    const name = id === undefined ? '' : `${quoted(id)}: `;
    const reason = description === undefined ? '' : ` (${quoted(description)})`;
    const text = `${name}where ${describeCondition(when)}: ${served(serve, read, atMs)}${reason}`;
    steps.push({ step: 'rule', ruleIndex, text: id === undefined ? sentence(text) : `${text}.` });
  }
  const whom = steps.some(({ step }) => step === 'targets' || step === 'rule') ? 'Everybody else' : 'Everybody';
  steps.push({ step: 'fallthrough', text: `${whom}: ${served(fallthrough, read, atMs)}.` });
  return steps;
}

function served(serve: Serve, read: FlagWords, atMs: number): string {
  return typeof serve === 'object' && serve !== null ? dealingWords(serve, read, atMs) : read.word(serve);
}

/** With a capital and a full stop. A name that begins it keeps its own letters. */
function sentence(text: string): string {
  return `${/^(on|off|the fallback|where) /.test(text) ? text[0]!.toUpperCase() + text.slice(1) : text}.`;
}
