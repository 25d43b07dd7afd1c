import { findSyntaxFault, inspectFlag, pathOf, type Problem } from '@clarity/flags-core/document';
import type { Change, Instruction } from './instruction.ts';
import { foundIn, FORMS, type MemberForm } from './instruction-forms.ts';
import { kindOf } from './kind-of.ts';
import type { Steps } from '../references/references.ts';

export type ReadChange =
  | { readonly ok: true; readonly change: Change }
  | {
      readonly ok: false;
      /** At least one, at most 20. */
      readonly problems: readonly Problem[];
    };

/** How long a comment may be, in UTF-16 units as JavaScript counts. */
const MAX_COMMENT = 2_000;
const MAX_PROBLEMS = 20;
/** How deeply anything may nest: no document holds more. */
const MAX_DEPTH = 64;

/**
 * Reads a change, such as the text of a `change.json`, or a value that came from elsewhere. Says of each mistake where
 * it is, what was found and what is allowed. What the instructions mean for a document only `apply` can say. Never
 * throws. The change is a copy: what is done to the value later does not matter.
 */
export function readChange(source: unknown): ReadChange {
  const complaints = new Complaints();
  const value = typeof source === 'string' ? parsed(source, complaints) : copied(source, complaints);
  if (complaints.problems.length === 0) {
    if (isShallow(value, MAX_DEPTH)) checkChange(value, complaints);
    else complaints.add([], 'deeper nesting', `nesting up to ${MAX_DEPTH}`);
  }
  const { problems } = complaints;
  return problems.length > 0 ? { ok: false, problems } : { ok: true, change: value as Change };
}

class Complaints {
  readonly problems: Problem[] = [];

  add(steps: Steps | string, found: string, allowed: string): void {
    if (this.problems.length >= MAX_PROBLEMS) return;
    const path = typeof steps === 'string' ? steps : pathOf(steps);
    this.problems.push({ path, found, allowed, message: `${path}: found ${found}, allowed: ${allowed}` });
  }
}

function parsed(text: string, complaints: Complaints): unknown {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  try {
    return JSON.parse(body);
  } catch {
    const { place, found } = findSyntaxFault(body);
    complaints.add(place, found, 'a whole JSON document');
    return undefined;
  }
}

function copied(value: unknown, complaints: Complaints): unknown {
  try {
    const text = JSON.stringify(value) as string | undefined;
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    complaints.add([], 'what is no JSON', 'values of JSON, without circles');
    return undefined;
  }
}

function checkChange(value: unknown, complaints: Complaints): void {
  const members = 'an object with comment, instructions';
  if (!isObject(value)) {
    complaints.add([], kindOf(value), members);
    return;
  }
  for (const name of Object.keys(value)) {
    if (name !== 'comment' && name !== 'instructions')
      complaints.add([name], 'another member', 'comment, instructions');
  }
  const { comment, instructions } = value;
  const allowed = `text of at most ${MAX_COMMENT} characters: why this is done`;
  if (typeof comment !== 'string' || comment.length > MAX_COMMENT)
    complaints.add(['comment'], kindOf(comment), allowed);
  if (!Array.isArray(instructions) || instructions.length === 0) {
    complaints.add(['instructions'], kindOf(instructions), 'a list of at least one instruction');
    return;
  }
  for (const [index, instruction] of (instructions as unknown[]).entries()) {
    checkInstruction(instruction, ['instructions', index], complaints);
  }
}

const KINDS = Object.keys(FORMS).join(', ');

function checkInstruction(value: unknown, steps: Steps, complaints: Complaints): void {
  if (!isObject(value)) {
    complaints.add(steps, kindOf(value), 'an object with kind');
    return;
  }
  const { kind } = value;
  if (typeof kind !== 'string' || !Object.hasOwn(FORMS, kind)) {
    complaints.add([...steps, 'kind'], kindOf(kind, true), KINDS);
    return;
  }
  const form = new Map<string, MemberForm>(Object.entries(FORMS[kind as Instruction['kind']]));
  const allowed = ['kind', ...form.keys()].map((name) => name.replace('?', '')).join(', ');
  for (const name of Object.keys(value)) {
    const isKnown = name === 'kind' || form.has(name) || form.has(`${name}?`);
    if (!isKnown) complaints.add([...steps, name], 'another member', allowed);
  }
  for (const [member, wanted] of form) {
    const name = member.replace('?', '');
    const isGiven = Object.hasOwn(value, name);
    if (!isGiven && member === name) complaints.add([...steps, name], 'nothing', wanted.allowed);
    if (!isGiven || wanted.holds(value[name])) continue;
    complaints.add([...steps, name], foundIn(value[name], wanted), wanted.allowed);
  }
  if (kind === 'setMetadata' && value['metadata'] === undefined && value['remove'] === undefined) {
    complaints.add(steps, 'neither', 'metadata, remove, or both');
  }
  if ((kind !== 'create' && kind !== 'replace') || !isObject(value['definition'])) return;
  for (const finding of inspectFlag(String(value['flag']), value['definition'])) {
    complaints.add([...steps, 'definition', ...finding.steps.slice(2)], finding.found, finding.allowed);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Takes no more of the stack than `depth` calls. */
function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((member) => isShallow(member, depth - 1));
}
