/** What is allowed in a document, and most likely not meant. */
import { parseInstant } from '@clarity/flags-core/document';
import { nearest } from '../nearest.ts';
import type { Doubt } from './doubt.ts';
import { type FoundSplit, lintExperiments } from './lint-experiments.ts';
import { isObject, keysOf } from './mistake.ts';
import type { Steps } from './positions.ts';

const ROOT: ReadonlySet<string> = new Set([
  '$schema',
  'schemaVersion',
  'environment',
  'flags',
  'segments',
  'layers',
  'holdouts',
]);

/** Looks at a parsed document, whatever it is. `nowMs` is what schedules are compared with. */
export function lint(root: unknown, nowMs: number): readonly Doubt[] {
  if (!isObject(root)) return [];
  const doubts: Doubt[] = [...ignoredMembers(root)];
  const used = new Set<unknown>();
  const splits: FoundSplit[] = [];
  for (const key of keysOf(root, 'flags')) {
    const flag = (root['flags'] as Readonly<Record<string, unknown>>)[key];
    if (isObject(flag)) doubts.push(...lintFlag(flag, ['flags', key], nowMs));
  }
  walk(root, (value, steps) => {
    if ('segment' in value) used.add(value['segment']);
    if ('op' in value) return;
    if (value['kind'] === 'split') splits.push({ split: value, steps: [...steps] });
    for (const name of ['all', 'any'] as const) {
      if (!Array.isArray(value[name]) || value[name].length > 0) continue;
      doubts.push({
        steps: [...steps, name],
        found: name === 'all' ? 'an empty "all" holds for everybody' : 'an empty "any" holds for nobody',
        advice: 'add conditions to it, or take out what it stands in',
      });
    }
  });
  return [...doubts, ...unusedSegments(root, used), ...lintExperiments(root, splits)];
}

function lintFlag(flag: Readonly<Record<string, unknown>>, steps: Steps, nowMs: number): readonly Doubt[] {
  const { status, rolloutPercentage, betaUsers, schedule } = flag;
  const doubts: Doubt[] = [];
  const hasUsers = Array.isArray(betaUsers) && betaUsers.length > 0;
  if (status === 'canary' && rolloutPercentage === undefined) {
    doubts.push({
      steps: [...steps, 'status'],
      found: `a canary without "rolloutPercentage" is on for ${hasUsers ? 'betaUsers only' : 'nobody'}`,
      advice: hasUsers ? 'write "beta", or add "rolloutPercentage": 5' : 'add "rolloutPercentage": 5',
    });
  }
  if (typeof status === 'string' && status !== 'canary' && rolloutPercentage !== undefined) {
    doubts.push({
      steps: [...steps, 'rolloutPercentage'],
      found: `"rolloutPercentage" is only looked at with "status": "canary"`,
      advice: 'write "canary", or take it out',
    });
  }
  if (status === 'beta' && !hasUsers) {
    doubts.push({
      steps: [...steps, 'status'],
      found: 'a beta without "betaUsers" is on for nobody',
      advice: 'add "betaUsers": ["u1"]',
    });
  }
  if (isObject(schedule)) doubts.push(...lintSchedule(schedule, [...steps, 'schedule'], nowMs));
  return doubts;
}

function lintSchedule(schedule: Readonly<Record<string, unknown>>, steps: Steps, nowMs: number): readonly Doubt[] {
  const { onAt, offAt } = schedule;
  const at = (value: unknown): number => (typeof value === 'string' ? parseInstant(value) : undefined) ?? Infinity;
  if (at(offAt) <= nowMs) {
    return [
      {
        steps: [...steps, 'offAt'],
        found: `the schedule is over since ${String(offAt)}: the flag is off for everybody`,
        advice: 'take the flag out, or the schedule, or write a later instant',
      },
    ];
  }
  if (at(onAt) <= nowMs && offAt === undefined) {
    return [
      {
        steps: [...steps, 'onAt'],
        found: `the schedule lies in the past, at ${String(onAt)}: it changes nothing any more`,
        advice: 'take the schedule out',
      },
    ];
  }
  return [];
}

/** Clients ignore other members of the document, so that a slip there says nothing. */
function ignoredMembers(root: Readonly<Record<string, unknown>>): readonly Doubt[] {
  return Object.keys(root).flatMap((name) => {
    if (ROOT.has(name)) return [];
    const value = root[name];
    const meant = nearest(
      name,
      [...ROOT].filter((known) => !Object.hasOwn(root, known)),
    );
    if (meant !== undefined)
      return [{ steps: [name], found: `"${name}" is ignored here`, advice: `did you mean "${meant}"?` }];
    if (!isObject(value) || !('status' in value || 'fallthrough' in value)) return [];
    return [{ steps: [name], found: 'a flag outside of "flags" is ignored', advice: 'move it into "flags": {…}' }];
  });
}

function unusedSegments(root: unknown, used: ReadonlySet<unknown>): readonly Doubt[] {
  return keysOf(root, 'segments')
    .filter((name) => !used.has(name))
    .map((name) => ({
      steps: ['segments', name],
      found: 'no flag uses this segment',
      advice: `name it in a condition, {"segment": ${JSON.stringify(name)}}, or take it out`,
    }));
}

/** How deeply a document may nest: what is deeper is refused anyhow. */
const MAX_DEPTH = 64;

/**
 * Visits every object of the document but those that have names of their own: metadata and the values of variants.
 * `steps` is the same list each time.
 */
function walk(
  value: unknown,
  visit: (value: Readonly<Record<string, unknown>>, steps: Steps) => void,
  steps: (string | number)[] = [],
): void {
  if (typeof value !== 'object' || value === null || steps.length > MAX_DEPTH) return;
  if (isObject(value)) visit(value, steps);
  if (steps[0] === 'flags' && steps.length === 3 && (steps[2] === 'metadata' || steps[2] === 'variants')) return;
  const isList = Array.isArray(value);
  for (const name in value) {
    const inner: unknown = (value as Readonly<Record<string, unknown>>)[name];
    if (typeof inner !== 'object') continue;
    steps.push(isList ? Number(name) : name);
    walk(inner, visit, steps);
    steps.pop();
  }
}
