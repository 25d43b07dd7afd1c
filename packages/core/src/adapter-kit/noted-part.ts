import { isObject } from '../document/is-object.ts';
import type { HistoryEntry } from '../history/entry.ts';
import type { PublicationNote } from '../ports/history.ts';
import { StoreError } from '../ports/store-error.ts';
import { describeOption, showOption } from './adapter-options.ts';
import { printableLine } from './printable.ts';

const MOST_ACTOR_CHARACTERS = 200;
const MOST_COMMENT_CHARACTERS = 2_000;
const MOST_FLAGS = 100;
const MOST_INSTRUCTION_CHARACTERS = 8_000;
const VIAS: readonly unknown[] = ['api', 'cli', 'ui', 'file'];

/** What a note says in an entry. */
export type NotedPart = Pick<
  HistoryEntry,
  'actor' | 'authenticatedBy' | 'via' | 'comment' | 'flags' | 'instructions' | 'instructionCount' | 'requestId'
>;

/**
 * What an entry says of a publication; of one without a note, that nobody knows who it was.
 *
 * @throws StoreError `invalid` for a note that cannot be kept
 */
export function notedPart(note: PublicationNote | undefined): NotedPart {
  if (note === undefined) return { actor: 'unknown', authenticatedBy: 'claimed', via: 'api' };
  if (!isObject(note)) throw refused('note', note, 'an object with actor');
  const { actor, authenticatedBy = 'claimed', via = 'api', comment, flags, instructions, requestId } = note;
  line('actor', actor);
  line('authenticatedBy', authenticatedBy);
  if (!VIAS.includes(via)) throw refused('via', via, VIAS.join(', '));
  if (requestId !== undefined) line('requestId', requestId);
  if (comment !== undefined && (typeof comment !== 'string' || comment.length > MOST_COMMENT_CHARACTERS))
    throw refused('comment', comment, `text of at most ${MOST_COMMENT_CHARACTERS} characters`);
  const areKeys = flags === undefined || (Array.isArray(flags) && flags.every((key) => typeof key === 'string'));
  if (!areKeys) throw refused('flags', flags, 'a list of keys of flags');
  if (instructions !== undefined && !Array.isArray(instructions))
    throw refused('instructions', instructions, 'a list of instructions');
  return {
    actor,
    authenticatedBy,
    via,
    ...(comment !== undefined && comment !== '' && { comment }),
    ...(flags !== undefined && flags.length > 0 && { flags: flags.slice(0, MOST_FLAGS) }),
    ...(instructions !== undefined && keptInstructions(instructions)),
    ...(requestId !== undefined && { requestId }),
  };
}

function keptInstructions(instructions: readonly unknown[]): Pick<NotedPart, 'instructions' | 'instructionCount'> {
  let text: string | undefined;
  try {
    text = JSON.stringify(instructions);
  } catch {
    throw refused('instructions', instructions, 'JSON');
  }
  return text.length <= MOST_INSTRUCTION_CHARACTERS ? { instructions } : { instructionCount: instructions.length };
}

function line(name: string, value: unknown): void {
  const isLine =
    typeof value === 'string' &&
    value.trim() !== '' &&
    value.length <= MOST_ACTOR_CHARACTERS &&
    printableLine(value) === value;
  if (!isLine) throw refused(name, value, `one line of 1 to ${MOST_ACTOR_CHARACTERS} characters`);
}

function refused(name: string, found: unknown, allowed: string): StoreError {
  const shown = typeof found === 'string' && found.length > 60 ? `text of ${found.length} characters` : undefined;
  const what = shown ?? (typeof found === 'object' ? describeOption(found) : showOption(found));
  return new StoreError('invalid', `nothing was written: ${name} of the note is ${what}; allowed is ${allowed}`);
}
