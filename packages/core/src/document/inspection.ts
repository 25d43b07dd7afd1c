import { type Dictionary, isObject } from './is-object.ts';
import { problemAt } from './problem-at.ts';
import type { Entry, Reference, Table } from './tables.ts';
import type { Problem } from './types.ts';

/** Looks at one value, and tells the inspection what is wrong with it. */
export type Check = (value: unknown, at: Inspection) => void;

/** How deeply anything in a document may nest. */
export const MAX_DEPTH = 64;
/** How many problems are told of a document. */
export const MAX_PROBLEMS = 20;

/** A document's tables, by the names of their entries. Of a table that is left out nobody knows what it holds. */
export type Tables = { readonly [Name in Table]?: Dictionary };

/** A walk through a document: where it is, what it found, and which names mean something. */
export class Inspection {
  readonly problems: Problem[] = [];
  /** What is wrong with an entry unless the other one that it refers to is set aside. */
  doubts: { readonly other: Entry; readonly problem: Problem }[] = [];
  /** What `contains` and `matches` cost in all entries so far. */
  searchCostOfAll = 0;
  /** The document's tables, by what they hold. */
  readonly tables: Tables;
  readonly #path: (string | number)[] = [];

  // Of the entry in hand:

  /** The first word that only a newer version can know. */
  newer: Problem | undefined;
  /** What it refers to. */
  refers: Reference[] = [];
  /** The names of the variants that the flag has. */
  variants: Dictionary = {};
  /** The flag's salt. */
  salt = '';
  /** How many buckets there are where ranges of them are read. */
  buckets = 0;
  /** What its `contains` and `matches` cost so far: one for a character to look for, ten for a step of a pattern. */
  searchCost = 0;

  constructor(tables: Tables) {
    this.tables = tables;
  }

  /** Begins with another entry. */
  begin(): void {
    this.newer = undefined;
    this.refers = [];
    this.searchCost = 0;
  }

  /** Whether the document has an entry of this name, or nobody knows: then it is taken to have it. */
  knows(table: Table, name: unknown): name is string {
    const entries = this.tables[table];
    return entries === undefined ? isText(name) && name !== '' : has(entries, name);
  }

  /** An entry, or what stands in its place, if it is known. */
  entry(table: Table, name: string): unknown {
    const entries = this.tables[table];
    return entries !== undefined && has(entries, name) ? entries[name] : undefined;
  }

  /** Where the walk is: the name of the last step. */
  get name(): string | number {
    return this.#path.at(-1) ?? '$';
  }

  get path(): string {
    return pathOf(this.#path);
  }

  /** The names and indexes that lead to where the walk is. */
  get steps(): readonly (string | number)[] {
    return [...this.#path];
  }

  within(name: string | number, check: Check, value: unknown): void {
    if (this.#path.push(name) > MAX_DEPTH) this.report(value, `nesting up to ${MAX_DEPTH}`);
    else check(value, this);
    this.#path.pop();
  }

  /** Goes several steps from where the walk is, and runs `there`. */
  along(steps: readonly (string | number)[], there: () => void): void {
    const [step, ...rest] = steps;
    if (step === undefined) there();
    else this.within(step, () => this.along(rest, there), undefined);
  }

  report(found: unknown, allowed: string, shown = false): void {
    // A list may hold a million mistakes: beyond those that are told, one stands for all others.
    this.problems.push(this.problems[MAX_PROBLEMS] ?? this.problem(found, allowed, shown));
  }

  /** A word that is not known here, which a newer version may know. */
  unknown(found: unknown, allowed: string): void {
    this.newer ??= this.problem(found, allowed, true);
  }

  /** The other entry has not what the one in hand wants of it, unless a newer version can read it. */
  doubt(other: Entry, found: unknown, allowed: string, shown = false): void {
    this.doubts.push({ other, problem: this.problem(found, allowed, shown) });
  }

  /** Something that no check of a single value finds, at `steps`: put down among what is told of a document. */
  add(problem: Problem, _steps: readonly (string | number)[]): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push(problem);
  }

  /** With `shown` a word or a number is repeated: only where nothing personal and nothing secret belongs. */
  problem(found: unknown, allowed: string, shown = false): Problem {
    const what = shown && (typeof found === 'number' || (isText(found) && WORD.test(found)));
    return problemAt(this.path, what ? JSON.stringify(found) : describe(found), allowed);
  }
}

/** A place in a document: `$.flags.checkout.rules[0]`. */
export function pathOf(names: readonly (string | number)[]): string {
  return `$${names.map(step).join('')}`;
}

function step(name: string | number): string {
  if (!isText(name)) return `[${name}]`;
  if (/^[a-z_$][\w$]{0,59}$/i.test(name)) return `.${name}`;
  return `[${shorten(name)}]`;
}

/** A name, or several, in quotes and at most 50 characters. */
export function shorten(name: string): string {
  return JSON.stringify(name.length > 50 ? `${name.slice(0, 49)}…` : name);
}

const WORD = /^[a-z][\w.-]{0,49}$/i;

/**
 * A value by its kind and length, never by what it says: it may be a user's address, or a secret that was stored in the
 * wrong place.
 */
export function describe(value: unknown): string {
  if (isText(value))
    return value === '' ? 'empty text' : `text of ${value.length} character${value.length === 1 ? '' : 's'}`;
  if (typeof value === 'number') return 'a number';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isObject(value)) return 'an object';
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Whether `names` has the text `name` as a property of its own. */
export function has(names: Dictionary, name: unknown): name is string {
  return isText(name) && Object.hasOwn(names, name);
}

/** A value for which `test` holds. With `shown` complaints repeat a word or a number that stands there. */
export function be(allowed: string, test: (value: unknown, at: Inspection) => boolean, shown = false): Check {
  return (value, at) => {
    if (!test(value, at)) at.report(value, allowed, shown);
  };
}

/** Text that `parse` can read. */
export function parsed(allowed: string, parse: (text: string) => unknown): Check {
  return be(allowed, (value) => isText(value) && parse(value) !== undefined);
}

/** A value that passes `check`, and then `test`, which may rely on it. */
export function also<T>(check: Check, allowed: string, test: (value: T, at: Inspection) => boolean): Check {
  return (value, at) => {
    const before = at.problems.length;
    check(value, at);
    if (at.problems.length === before && at.newer === undefined && !test(value as T, at)) at.report(value, allowed);
  };
}

/** One of some words; any other text may be a newer version's. */
export function word(words: Dictionary): Check {
  const allowed = Object.keys(words).join(', ');
  return (value, at) => {
    if (!isText(value)) at.report(value, allowed, true);
    else if (!has(words, value)) at.unknown(value, allowed);
  };
}

export function orNull(check: Check): Check {
  return (value, at) => {
    if (value !== null) check(value, at);
  };
}

/** A list whose elements all pass `check`. */
export function list(check: Check): Check {
  return (value, at) => {
    if (!Array.isArray(value)) at.report(value, 'a list');
    else for (let index = 0; index < value.length; index++) at.within(index, check, value[index]);
  };
}

/** One value that passes `check`, or a list of them. */
export function oneOrMore(check: Check): Check {
  const several = list(check);
  return (value, at) => (Array.isArray(value) ? several : check)(value, at);
}

/** Refuses what stands under a name that is empty. */
export const unnamed = be('a name that is not empty', () => false);

/** An object of any names, whose values all pass `check`. */
export function table(check: Check): Check {
  return (value, at) => {
    if (!isObject(value)) at.report(value, 'an object');
    else for (const name of Object.keys(value)) at.within(name, check, value[name]);
  };
}

/** The same, of names that are not empty. */
export function dictionary(check: Check): Check {
  return table((value, at) => (at.name === '' ? unnamed : check)(value, at));
}

/**
 * The members of a part as `record` takes them: those that may be left out end with a question mark. Holds a form to
 * the type of what it checks.
 */
export type Form<Part> = {
  readonly [Name in keyof Part & string as undefined extends Part[Name] ? `${Name}?` : Name]-?: Check;
};

/**
 * An object with exactly these members; those whose names end with a question mark may be absent. One that is there
 * with and without the mark may not, and the later check counts.
 */
export function record(members: Readonly<Record<string, Check>>): Check {
  const checks = new Map<string, Check>();
  const required: [string, Check][] = [];
  for (const [name, check] of Object.entries(members)) {
    if (name.endsWith('?')) checks.set(name.slice(0, -1), check);
    else {
      checks.set(name, check);
      required.push([name, check]);
    }
  }
  const allowed = [...checks.keys()].join(', ');
  const newer: Check = (_, at) => at.unknown(at.name, allowed);
  return (value, at) => {
    if (!isObject(value)) {
      at.report(value, `an object with ${allowed}`);
      return;
    }
    for (const name of Object.keys(value)) at.within(name, checks.get(name) ?? newer, value[name]);
    for (const [name, check] of required) if (!Object.hasOwn(value, name)) at.within(name, check, undefined);
  };
}
