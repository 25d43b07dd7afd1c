/** What is allowed in layers, holdouts and experiments, and most likely not meant. */
import type { Doubt } from './doubt.ts';
import { isObject, keysOf, valueAt } from './mistake.ts';
import type { Steps } from './positions.ts';

/** A split, and where it stands. */
export interface FoundSplit {
  readonly split: Readonly<Record<string, unknown>>;
  readonly steps: Steps;
}

export function lintExperiments(root: unknown, splits: readonly FoundSplit[]): readonly Doubt[] {
  const layers = keysOf(root, 'layers').flatMap((name) => emptyLayer(root, name));
  const isEmpty = new Set(layers.map(({ steps }) => steps[1]));
  return [
    ...layers,
    ...unused(root, 'layers', 'layer', splits).filter(({ steps }) => !isEmpty.has(steps[1])),
    ...unused(root, 'holdouts', 'holdout', splits),
    ...splits.flatMap(withoutRanges),
    ...toldApart(splits),
  ];
}

/** A layer lets in by its slots alone. A slot that no experiment uses yet waits for one. */
function emptyLayer(root: unknown, name: string): readonly Doubt[] {
  const steps = ['layers', name, 'slots'];
  const slots = valueAt(root, steps);
  if (!isObject(slots) || Object.values(slots).some((ranges) => !Array.isArray(ranges) || ranges.length > 0)) return [];
  const found = 'no slot of this layer has buckets: it lets nobody into an experiment';
  return [{ steps, found, advice: 'give a slot ranges, such as "one-page-2026": [[0, 50000]], or take the layer out' }];
}

function unused(
  root: unknown,
  table: 'layers' | 'holdouts',
  member: 'layer' | 'holdout',
  splits: readonly FoundSplit[],
): readonly Doubt[] {
  const used = new Set(splits.map(({ split }) => split[member]));
  return keysOf(root, table)
    .filter((name) => !used.has(name))
    .map((name) => ({
      steps: [table, name],
      found: `no experiment uses this ${member}`,
      advice: `name it beside one, "${member}": ${JSON.stringify(name)}, or take it out`,
    }));
}

function withoutRanges({ split: { experiment, variants }, steps }: FoundSplit): readonly Doubt[] {
  if (!isObject(experiment) || !Array.isArray(variants) || variants.length === 0) return [];
  const isEmpty = (arm: unknown): boolean =>
    isObject(arm) && Array.isArray(arm['ranges']) && arm['ranges'].length === 0;
  if (!variants.every(isEmpty)) return [];
  return [
    {
      steps: [...steps, 'variants'],
      found: 'no arm of this experiment has a range: nobody takes part',
      advice: 'give the arms ranges, such as [[0, 5000]], or take the experiment out',
    },
  ];
}

/** Splits of one experiment are told apart by nothing: what they disagree about is a slip in one of them. */
function toldApart(splits: readonly FoundSplit[]): readonly Doubt[] {
  const firsts = new Map<string, FoundSplit>();
  return splits.flatMap((one) => {
    const { id, phase } = Object(one.split['experiment']) as { readonly id?: unknown; readonly phase?: unknown };
    if (typeof id !== 'string') return [];
    const first = firsts.get(id);
    if (first === undefined) {
      firsts.set(id, one);
      return [];
    }
    const there = `in flag ${JSON.stringify(first.steps[1])}`;
    const other = Object(first.split['experiment']) as { readonly phase?: unknown };
    const doubts: Doubt[] = [];
    if (phase !== other.phase)
      doubts.push({
        steps: [...one.steps, 'experiment', 'phase'],
        found: `this experiment is in phase ${String(other.phase)} ${there}`,
        advice: `write ${String(other.phase)}, or give this one an "id" of its own`,
      });
    const [layer, otherLayer] = [one.split['layer'], first.split['layer']];
    if (layer !== otherLayer)
      doubts.push({
        steps: [...one.steps, ...(layer === undefined ? ['experiment', 'id'] : ['layer'])],
        found: `this experiment is in ${otherLayer === undefined ? 'no layer' : `layer ${JSON.stringify(otherLayer)}`} ${there}`,
        advice: 'write the same layer in both, or give this one an "id" of its own',
      });
    return doubts;
  });
}
