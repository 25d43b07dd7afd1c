/**
 * What one evaluation may cost. A document has at most 4 MB and a context, say, 1 MB: read once they cost little, but
 * lists, texts and operands multiply each other. So what multiplies is counted, in units, and an evaluation that would
 * need more than it has ends with the caller's fallback.
 *
 * One unit is at most the CPU time in which the benchmark's hand-written murmur3 hashes 8 bytes. The 1,000,000 of an
 * evaluation are 8 MB of hashing. `details` looks a second time at what could not be used, with as much: 16 MB. What is
 * not counted is read a fixed number of times, and is in proportion to the document: 130,000 comparisons of the
 * shortest kind fit into 4 MB and cost as much as 6 MB of hashing, each time. Together that is below 30 MB, and the
 * bound is 50: a unit is measured on one machine, and others have other caches. `npm run bench -- worst` holds the sum
 * against the clock; the fuzz counts again, independently, what the operators did.
 *
 * Not counted is what code of the caller does: getters, proxies, and classes with a `valueOf`.
 */
export const MAX_WORK = 1_000_000;

/** What all flags at once may cost together. Each of them may cost at most `MAX_WORK`. */
export const MAX_WORK_OF_ALL = 10 * MAX_WORK;

/** Units, each the most that was measured for one of its kind. */
export const COST = {
  /** An element of a list in the context, beside what its comparison costs. */
  element: 8,
  /** A level of a path into nested objects. */
  level: 4,
  /** Reading an instant. */
  instant: 40,
  /** Reading an address. */
  address: 450,
  /** Comparing an address with a network. */
  network: 36,
  /** A step of a pattern at a character. */
  step: 4,
  /** A character that a pattern is led through. */
  character: 4,
  /** What follows the three numbers of a version, and each character of it. */
  prerelease: 100,
  prereleaseCharacter: 5,
} as const;

/** Thrown where an evaluation would cost more than it may. */
export const EXHAUSTED: unique symbol = Symbol('exhausted');

let left = MAX_WORK;

/** Takes `units` before the work is done. */
export function spend(units: number): void {
  left -= units;
  if (left < 0) throw EXHAUSTED;
}

/** Begins an evaluation. Gives what is to be handed to `endWork`: a context may ask about flags while it is read. */
export function beginWork(units: number): number {
  const outer = left;
  left = units;
  return outer;
}

/** Ends an evaluation, and gives what is left of its units. */
export function endWork(outer: number): number {
  const unspent = left;
  left = outer;
  return unspent;
}

/** Whether a text is at the start or end of another: compared are at most as many characters as it has. */
export function placingCost(operand: string): number {
  return 4 + (operand.length >> 2);
}

/** A search in the worst case: each character of the text may be compared with part of what is looked for. */
export function searchCost(text: string, wanted: string): number {
  return 4 + ((text.length * (64 + wanted.length)) >> 6);
}

/** A text without its case: some scripts take ten times as long as ASCII. */
export function foldingCost(text: string): number {
  return 20 + text.length + (text.length >> 2);
}

/** A unit and its bucket: a character is up to three bytes. */
export function bucketCost(unit: string): number {
  return 6 + ((3 * unit.length) >> 3);
}

/** Looking through a name for the dots of a path. */
export function nameCost(name: string): number {
  return 4 + (name.length >> 6);
}
