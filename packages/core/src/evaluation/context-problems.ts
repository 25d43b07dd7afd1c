import { parseInstant, resemblesSeconds } from '../document/instant.ts';
import { parseAddress } from '../document/network.ts';
import { isSemanticVersion } from '../document/semantic-version.ts';
import { attributeOf, type EvaluationContext, readAttribute, targetingKeyOf } from './context.ts';
import type { ContextProblem } from './details.ts';
import {
  ANSWER,
  ANY_CASE,
  type AskStep,
  CONTAINS,
  DEAL,
  ENDS_WITH,
  EQUALITY,
  EXISTS,
  INSTANT,
  NETWORK,
  NUMBER,
  PATTERN,
  RANGES,
  SEGMENT,
  STARTS_WITH,
  type Step,
  TARGETS,
  VERSION,
} from './step.ts';
import { isNoContext, likeTargetingKey } from './doubts.ts';
import { shownForm, textMeans, versionForm } from './shown-form.ts';
import { after, holds, MAX_ELEMENTS, MAX_TEXT, type Surroundings, unitFor, wayOf } from './walk.ts';
import { beginWork, COST, endWork, EXHAUSTED, MAX_WORK, spend } from './work.ts';

/** How many problems are told of one evaluation. */
const MAX_PROBLEMS = 20;
const UNIT = 'text that is not empty, or an integer';

/**
 * What of the context a flag's steps ask for and cannot use. Goes the way that the evaluation went, with as much work
 * of its own, as far as `budget` has it, and looks again at each comparison that was false. Only who asks for details
 * pays for it. Never throws.
 */
export function contextProblems(
  first: Step,
  context: EvaluationContext,
  stamp: number,
  around: Surroundings,
  budget: { left: number },
): readonly ContextProblem[] {
  const search = new Search(context, stamp, around);
  const allowed = Math.min(MAX_WORK, budget.left);
  const outer = beginWork(allowed);
  try {
    search.follow(first);
  } catch (thrown) {
    // Anything else is the context's own, or a document's that nobody has decoded. The details have its error code.
    if (thrown === EXHAUSTED)
      search.add('NOT_LOOKED_AT', search.attribute, 'more than one evaluation may cost', `${allowed} units of work`);
  } finally {
    budget.left -= allowed - Math.max(0, endWork(outer));
  }
  return search.problems;
}

/** What is wrong with what a comparison found, if it is false for that. Throws what reading the value throws. */
export function problemOf(at: AskStep, found: unknown): ContextProblem | undefined {
  if (at.kind === EXISTS || found === undefined || found === null) return undefined;
  if (!Array.isArray(found)) return misread(at, found, '');
  if (found.length > MAX_ELEMENTS)
    return problem(
      'NOT_LOOKED_AT',
      at.name,
      `a list of ${found.length}`,
      `${MAX_ELEMENTS} elements; the others are not looked at`,
    );
  for (const element of found as readonly unknown[]) {
    spend(COST.element);
    const misfit = element === undefined || element === null ? undefined : misread(at, element, 'in a list ');
    if (misfit !== undefined) return misfit;
  }
  return undefined;
}

/** What is wrong with a unit, by the name of the attribute that should hold it. */
export function unitProblem(name: string, context: EvaluationContext): ContextProblem {
  const isKey = name === 'targetingKey';
  const found = isKey ? givenKey(context) : attributeOf(context, name);
  const alike = isKey && found == null ? likeTargetingKey(context) : undefined;
  const shown = alike === undefined ? shownForm(found) : `nothing (${alike} is there, and does not count)`;
  return problem('TARGETING_KEY_MISSING', name, shown, UNIT);
}

/** What is wrong with a context that is no object; undefined for one that is, and for none. */
export function noContextProblem(given: unknown): ContextProblem | undefined {
  if (!isNoContext(given)) return undefined;
  return problem('INVALID_CONTEXT', 'context', shownForm(given), "an object such as { targetingKey: 'u1' }");
}

/** What stands where the targeting key should, usable or not. */
function givenKey(context: EvaluationContext): unknown {
  return context.targetingKey ?? context.userId;
}

class Search {
  readonly problems: ContextProblem[] = [];
  /** Of the step in hand. */
  attribute = '';
  readonly #context: EvaluationContext;
  /** Of the evaluation: what other flags answered it is known. */
  readonly #stamp: number;
  readonly #around: Surroundings;
  /** Segments that were followed, and where they lead: each is asked once. */
  readonly #segments = new Map<string, boolean>();
  readonly #told = new Set<string>();

  constructor(context: EvaluationContext, stamp: number, around: Surroundings) {
    this.#context = context;
    this.#stamp = stamp;
    this.#around = around;
  }

  add(...given: Parameters<typeof problem>): void {
    this.#note(problem(...given));
  }

  /** Follows steps to their answer, and gives it. */
  follow(first: Step): Step {
    const context = this.#context;
    let at = first;
    while (at.kind !== ANSWER && this.problems.length < MAX_PROBLEMS) {
      if (at.kind === DEAL || at.kind === RANGES) {
        this.attribute = at.name;
        if (unitFor(at, context) === undefined) this.#note(unitProblem(at.name, context));
        if (at.kind === DEAL) return at;
        at = wayOf(at, context, this.#around);
      } else at = this.#after(at);
    }
    return at;
  }

  #after(at: AskStep): Step {
    const context = this.#context;
    this.attribute = at.name;
    if (at.kind === SEGMENT) return this.#inSegment(at.name) ? at.yes : at.no;
    if (at.kind === TARGETS) {
      const key = targetingKeyOf(context);
      // Who has no key at all is in no target, and nothing is wrong with that.
      if (key === undefined && (givenKey(context) != null || likeTargetingKey(context) !== undefined))
        this.#note(unitProblem('targetingKey', context));
    }
    if (at.kind < EXISTS) return after(at, context, this.#stamp, this.#around);
    const found = readAttribute(context, at.name, at.slot);
    if (holds(at, found)) return at.yes;
    // What is wrong with a value for one comparison is told once, however many rules ask.
    const asked = `${at.kind} ${at.name}`;
    if (!this.#told.has(asked)) {
      const given = found === undefined ? this.#lost(at.name) : problemOf(at, found);
      if (given !== undefined) this.#told.add(asked);
      this.#note(given);
    }
    return at.no;
  }

  #inSegment(name: string): boolean {
    let inside = this.#segments.get(name);
    if (inside === undefined) {
      // A segment that leads back to itself holds nobody.
      this.#segments.set(name, false);
      const end = this.follow(this.#around.segment(name));
      inside = end.kind === ANSWER && end.enabled === true;
      this.#segments.set(name, inside);
    }
    return inside;
  }

  /** A path that leads into a list: its elements have no names. */
  #lost(path: string): ContextProblem | undefined {
    const context = this.#context;
    for (let end = path.indexOf('.'); end >= 0; end = path.indexOf('.', end + 1)) {
      const from = attributeOf(context, path.slice(0, end));
      if (Array.isArray(from))
        return problem('INVALID_CONTEXT', path, 'a list on the way', 'a path into nested objects');
      if (typeof from !== 'object' || from === null) return undefined;
    }
    return undefined;
  }

  #note(given: ContextProblem | undefined): void {
    if (given === undefined || this.problems.length >= MAX_PROBLEMS) return;
    if (!this.problems.some(({ message }) => message === given.message)) this.problems.push(given);
  }
}

function problem(code: ContextProblem['code'], attribute: string, found: string, allowed: string): ContextProblem {
  const name = attribute.length > 100 ? `${attribute.slice(0, 99)}…` : attribute;
  return { code, attribute: name, found, allowed, message: `${name}: found ${found}, allowed: ${allowed}` };
}

/**
 * One value that is not what an operator compares. Undefined where it is, and the comparison is false for what it says.
 */
function misread(at: AskStep, found: unknown, where: string): ContextProblem | undefined {
  const kind = at.kind & ~ANY_CASE;
  if (typeof found === 'string' && found.length > MAX_TEXT && kind !== EQUALITY)
    return problem('NOT_LOOKED_AT', at.name, `${where}text of ${found.length} characters`, `${MAX_TEXT} characters`);
  const misfit = FORMS[kind]?.(found, at);
  return misfit && problem('INVALID_CONTEXT', at.name, `${where}${misfit[0]}`, misfit[1]);
}

type Misfit = readonly [found: string, allowed: string] | undefined;

function wantsText(found: unknown): Misfit {
  return typeof found === 'string' ? undefined : [shownForm(found), 'text'];
}

/** What each kind of comparison can read, and what is told of anything else. */
const FORMS: Readonly<Record<number, (found: unknown, at: AskStep) => Misfit>> = {
  [EQUALITY]: (found, { operand }) => {
    const operands = operand as ReadonlySet<unknown>;
    if (typeof found === 'string') {
      const means = textMeans(found);
      return means !== undefined && operands.has(means)
        ? [shownForm(found), typeof means === 'number' ? 'a number' : 'true or false']
        : undefined;
    }
    if (typeof found === 'number' || typeof found === 'boolean')
      return operands.has(String(found)) ? [shownForm(found), 'text'] : undefined;
    return [shownForm(found), 'text, a number, true or false'];
  },
  [NUMBER]: (found) => (typeof found === 'number' && !Number.isNaN(found) ? undefined : [shownForm(found), 'a number']),
  [INSTANT]: (found) => {
    const allowed = 'an instant with a zone, Unix milliseconds or a Date';
    if (typeof found === 'string') spend(COST.instant);
    if (typeof found === 'string') return parseInstant(found) === undefined ? [shownForm(found), allowed] : undefined;
    if (typeof found === 'number' && !Number.isNaN(found))
      return resemblesSeconds(found) ? ['a number as small as Unix seconds', allowed] : undefined;
    return found instanceof Date && !Number.isNaN(Number(found)) ? undefined : [shownForm(found), allowed];
  },
  [VERSION]: (found) => {
    if (typeof found === 'string') spend(COST.prerelease + COST.prereleaseCharacter * found.length);
    return typeof found === 'string' && isSemanticVersion(found)
      ? undefined
      : [versionForm(found), 'a version like 1.2.3, as text'];
  },
  [NETWORK]: (found) => {
    if (typeof found === 'string') spend(COST.address);
    return typeof found === 'string' && parseAddress(found) !== undefined
      ? undefined
      : [shownForm(found), 'an IPv4 or IPv6 address, as text'];
  },
  [PATTERN]: wantsText,
  [CONTAINS]: wantsText,
  [STARTS_WITH]: wantsText,
  [ENDS_WITH]: wantsText,
};
