import { InvalidArgumentError, Option } from 'commander';
import type { PublishOptions } from '../commands/publish.ts';
import type { Verb } from '../verb.ts';
import { noteOptions } from './note-options.ts';

export const publishVerb: Verb<PublishOptions> = {
  name: 'publish',
  words: '[store] <file>',
  summary: 'write a document if the store still holds what is expected',
  options: [
    new Option(
      '--expect <revision>',
      'what the store must hold, as show tells it ("absent": nothing); by default what it holds now',
    ).argParser(readExpected),
    new Option('--dry-run', 'show what differs, and write nothing'),
    new Option('-y, --yes', 'do it without being asked; needed where there is a question and nobody to answer it'),
    ...noteOptions,
  ],
  about:
    'Shows what differs. It asks first when a flag vanishes or changes its type, and when one turns on or off for everybody.',
  examples: [
    'clarity-flags publish redis://localhost:6379 flags.json',
    'clarity-flags publish redis://localhost:6379 flags.json --dry-run',
    'clarity-flags publish flags.json next.json --comment FLAGS-17 --actor ada',
    'clarity-flags publish redis://localhost:6379 flags.json --expect 1763812800000.17 --yes',
  ],
  doubt: 'look at what the store holds (clarity-flags show)',
  perform: async (call) => (await import('../commands/publish.ts')).performPublish(call),
};

/** An empty one is most likely a variable of a script that is not set. */
function readExpected(text: string): string {
  if (/^(absent|\d+\.\d+|[0-9a-f]{12}|[0-9a-f]{64})$/.test(text)) return text;
  throw new InvalidArgumentError(
    'a revision as clarity-flags show tells it, such as 1763812800000.17 or 01a0e7a59f7f, or absent',
  );
}
