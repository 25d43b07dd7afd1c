import type { Prerequisite, Rule, Serve } from '@clarity/flags-core/document';
import { describeCondition } from './condition.ts';
import { dealingWords } from './dealing.ts';
import type { FlagWords } from './flag-words.ts';
import { listed, quoted } from './texts.ts';

/** `new_cart to be on or blue`. */
export function prerequisiteWords({ flag, variants }: Prerequisite): string {
  return `${quoted(flag)} to be ${listed(variants.map(quoted), 'or')}`;
}

/** A rule by its id, else by its place, from 1. */
export function ruleName({ id }: Rule, index: number): string {
  return id === undefined ? String(index + 1) : quoted(id);
}

/** `where country is Switzerland: on`. */
export function ruleWords({ description, when, serve }: Rule, read: FlagWords, atMs: number): string {
  const reason = description === undefined ? '' : ` (${quoted(description)})`;
  return `where ${describeCondition(when)}: ${servedWords(serve, read, atMs)}${reason}`;
}

/** What is served: an answer, or how it is dealt. */
export function servedWords(serve: Serve, read: FlagWords, atMs: number): string {
  return typeof serve === 'object' && serve !== null ? dealingWords(serve, read, atMs) : read.word(serve);
}
