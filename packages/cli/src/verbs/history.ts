import { Option } from 'commander';
import type { HistoryOptions } from '../commands/history.ts';
import type { Verb } from '../verb.ts';
import { wholeNumber } from './whole-number.ts';

export const historyVerb: Verb<HistoryOptions> = {
  name: 'history',
  words: '<store> [flag]',
  summary: 'who changed what, when and why, newest first',
  options: [
    new Option('--limit <number>', 'how many, 1 to 1,000; default 20').argParser(wholeNumber(1, 1_000)),
    new Option('--before <number>', 'only entries with lower numbers').argParser(wholeNumber(1)),
    new Option('--actor <name>', 'only those of this actor'),
  ],
  examples: ['clarity-flags history flags.json', 'clarity-flags history flags.json new_checkout --limit 5'],
  perform: async (call) => (await import('../commands/history.ts')).performHistory(call),
};
