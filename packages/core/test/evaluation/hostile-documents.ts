import { mutate } from '../document/mutate.ts';
import { randomDocument } from '../document/random-document.ts';
import type { Random } from '../document/random.ts';

/** Members and words of flags in places where they do not belong, and values that no flag has. */
const WORDS =
  'status type variants targets rules when serve fallthrough all any not segment attribute op value kind points at schedule onAt prerequisites flag keys bucket salt from to of by ranges otherwise gaps experiment id phase layer holdout slots percentage';
const VALUES = ['enabled', 'boolean', 'on', 'split', 'ramp', 'in', 'contains', 'matches', 'flag', '(((', '\ud800', ''];

function randomJson(random: Random, depth: number): unknown {
  const kind = random.integer(depth > 0 ? 10 : 6);
  if (kind < 3) return random.pick<unknown>([...VALUES, null, true, false, 0, -1, 1e308, 1.5]);
  if (kind < 6) return random.pick(VALUES);
  if (kind < 7) return random.several(3, () => randomJson(random, depth - 1));
  const table: Record<string, unknown> = {};
  for (const word of random.several(6, () => random.pick([...WORDS.split(' '), '__proto__', 'toString', 'on']))) {
    const value = randomJson(random, depth - 1);
    Object.defineProperty(table, word, { value, enumerable: true, configurable: true, writable: true });
  }
  return table;
}

/** The text of a sound document. */
function drawSound(random: Random): string {
  return JSON.stringify(randomDocument(random));
}

/** The text of a document that was sound before some places of its tables were changed. */
export function drawMutated(random: Random): string {
  const { flags, segments = {}, layers = {}, holdouts = {} } = randomDocument(random);
  const parts: Record<string, unknown> = { flags, segments, layers, holdouts };
  for (let changes = random.integer(4); changes >= 0 && Object.keys(parts).length > 0; changes--) mutate(random, parts);
  const tableOf = (part: unknown): object => (typeof part === 'object' && !Array.isArray(part) && part) || {};
  return JSON.stringify({
    schemaVersion: 1,
    flags: { sound: { status: 'enabled' }, ...tableOf(parts['flags']) },
    segments: tableOf(parts['segments']),
    layers: tableOf(parts['layers']),
    holdouts: tableOf(parts['holdouts']),
  });
}

/** The text of a document in which anything stands in place of flags, segments, layers and holdouts. */
export function drawAnything(random: Random): string {
  const flags = Object.fromEntries(['a', 'b', 'c'].map((key) => [key, randomJson(random, 5)]));
  const segments = { flag: randomJson(random, 4), on: { when: { segment: 'flag' } } };
  const [layers, holdouts] = [{ on: randomJson(random, 3) }, { on: randomJson(random, 2) }];
  return JSON.stringify({ schemaVersion: 1, flags, segments, layers, holdouts });
}

/** Mostly sound ones, for what is refused answers nothing. */
export function drawDocument(random: Random): string {
  return random.pick([drawSound, drawSound, drawMutated, drawMutated, drawAnything])(random);
}
