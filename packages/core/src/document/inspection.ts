import type { Problem } from './types.ts';

/** Looks at one value. What is wrong goes to the inspection. */
export type Check = (value: unknown, at: Inspection, depth: number) => void;

/** A walk through one document: where it is, and what it found. */
export class Inspection {
  readonly problems: Problem[] = [];
  /** The first word in the present flag that only a newer version can know. */
  newer: Problem | undefined;
  readonly #path: (string | number)[] = ['$'];

  /** Notes the step that leads from depth - 1 to `depth`. Storing is all that a sound document pays for exact paths. */
  step(depth: number, name: string | number): void {
    this.#path[depth] = name;
  }

  /** Something is wrong at `depth` steps from the root. */
  report(depth: number, found: unknown, allowed: string): void {
    this.problems.push(this.problem(depth, found, allowed));
  }

  /** A word that is not known here, which a newer version may know. */
  unknown(depth: number, found: unknown, allowed: string): void {
    this.newer ??= this.problem(depth, found, allowed);
  }

  problem(depth: number, value: unknown, allowed: string): Problem {
    const path = this.#path.slice(0, depth + 1).map(segment).join('');
    const found = describe(value);
    return { path, found, allowed, message: `${path}: found ${found}, allowed is ${allowed}` };
  }
}

function segment(name: string | number, depth: number): string {
  if (depth === 0) return '$';
  if (typeof name === 'number') return `[${name}]`;
  return /^[A-Za-z_$][\w$]*$/.test(name) && name.length <= 60 ? `.${name}` : `[${describe(name)}]`;
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 59)}…` : value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value === undefined) return 'nothing';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/** A value for which `test` holds. */
export function be(allowed: string, test: (value: unknown) => boolean): Check {
  return (value, at, depth) => {
    if (!test(value)) at.report(depth, value, allowed);
  };
}

/** One of some words; any other text may be a newer version's. */
export function word(...words: readonly string[]): Check {
  const allowed = words.map((one) => `"${one}"`).join(', ');
  return (value, at, depth) => {
    if (typeof value !== 'string') at.report(depth, value, allowed);
    else if (!words.includes(value)) at.unknown(depth, value, allowed);
  };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list whose elements all pass `check`. */
export function list(check: Check, least = 0): Check {
  return (value, at, depth) => {
    if (!Array.isArray(value) || value.length < least) {
      at.report(depth, value, least > 0 ? `a list of at least ${least}` : 'a list');
      return;
    }
    for (let index = 0; index < value.length; index++) {
      at.step(depth + 1, index);
      check(value[index], at, depth + 1);
    }
  };
}

/** An object of any keys whose values all pass `check`. */
export function dictionary(check: Check): Check {
  return (value, at, depth) => {
    if (!isObject(value)) {
      at.report(depth, value, 'an object');
      return;
    }
    for (const key of Object.keys(value)) {
      at.step(depth + 1, key);
      if (key === '') at.report(depth + 1, key, 'a name that is not empty');
      check(value[key], at, depth + 1);
    }
  };
}

/** An object with exactly these members; the names that begin with a question mark may be absent. */
export function record(members: Readonly<Record<string, Check>>): Check {
  const checks = new Map<string, Check>();
  const required: string[] = [];
  for (const [name, check] of Object.entries(members)) {
    const optional = name.startsWith('?');
    checks.set(optional ? name.slice(1) : name, check);
    if (!optional) required.push(name);
  }
  const allowed = [...checks.keys()].join(', ');
  return (value, at, depth) => {
    if (!isObject(value)) {
      at.report(depth, value, `an object with ${allowed}`);
      return;
    }
    for (const name of Object.keys(value)) {
      at.step(depth + 1, name);
      const check = checks.get(name);
      if (check === undefined) at.unknown(depth + 1, name, allowed);
      else check(value[name], at, depth + 1);
    }
    for (const name of required) {
      if (!Object.hasOwn(value, name)) {
        at.step(depth + 1, name);
        at.report(depth + 1, undefined, 'a value');
      }
    }
  };
}
