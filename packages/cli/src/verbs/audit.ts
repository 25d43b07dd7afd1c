import { InvalidArgumentError, Option } from 'commander';
import type { AuditOptions } from '../commands/audit.ts';
import type { Verb } from '../verb.ts';

export const auditVerb: Verb<AuditOptions> = {
  name: 'audit',
  words: '<verify|export> <store>',
  summary: 'whether the history of a store was bent; or all of it, one entry a line',
  about:
    'verify exits with 1 when something is wrong. Whoever holds the credentials of the store can write all of its history anew: that is seen by an --anchor alone.',
  options: [
    new Option('--anchor <seq:hash>', 'a place of the chain that was kept elsewhere, as verify tells it').argParser(
      readAnchor,
    ),
  ],
  examples: ['clarity-flags audit verify flags.json', 'clarity-flags audit export flags.json'],
  perform: async (call) => (await import('../commands/audit.ts')).performAudit(call),
};

function readAnchor(text: string): NonNullable<AuditOptions['anchor']> {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq !== undefined && hash !== undefined) return { seq: Number(seq), hash };
  throw new InvalidArgumentError('what verify told, such as 12: and 64 letters and digits');
}
