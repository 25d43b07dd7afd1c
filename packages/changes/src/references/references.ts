import type { Condition, FlagDefinition, FlagDocument, Serve } from '@clarity/flags-core/document';

/** The tables of a document. */
export type Table = 'flags' | 'segments' | 'layers' | 'holdouts';

/** Names and indexes that lead to a place in a document. */
export type Steps = readonly (string | number)[];

/** One place of a document that asks for an entry. */
export interface Reference {
  readonly table: Table;
  readonly key: string;
  /** Where it stands, from the document. */
  readonly steps: Steps;
}

/** All that entries of a document ask of each other, in its order. */
export function referencesOf({ flags, segments = {} }: FlagDocument): readonly Reference[] {
  const found: Reference[] = [];
  for (const [name, { when }] of Object.entries(segments)) {
    if (when !== undefined) addCondition(found, when, ['segments', name, 'when']);
  }
  for (const [key, flag] of Object.entries(flags)) addFlag(found, flag, ['flags', key]);
  return found;
}

function addFlag(found: Reference[], flag: FlagDefinition, steps: Steps): void {
  if ('status' in flag) return;
  for (const [index, { flag: other }] of (flag.prerequisites ?? []).entries()) {
    found.push({ table: 'flags', key: other, steps: [...steps, 'prerequisites', index, 'flag'] });
  }
  for (const [index, { when, serve }] of (flag.rules ?? []).entries()) {
    addCondition(found, when, [...steps, 'rules', index, 'when']);
    addServe(found, serve, [...steps, 'rules', index, 'serve']);
  }
  addServe(found, flag.fallthrough, [...steps, 'fallthrough']);
}

function addServe(found: Reference[], serve: Serve, steps: Steps): void {
  if (typeof serve !== 'object' || serve?.kind !== 'split') return;
  const { layer, holdout } = serve as { layer?: string; holdout?: string };
  if (layer !== undefined) found.push({ table: 'layers', key: layer, steps: [...steps, 'layer'] });
  if (holdout !== undefined) found.push({ table: 'holdouts', key: holdout, steps: [...steps, 'holdout'] });
}

function addCondition(found: Reference[], condition: Condition, steps: Steps): void {
  const addAll = (several: readonly Condition[], name: string): void => {
    for (const [index, one] of several.entries()) addCondition(found, one, [...steps, name, index]);
  };
  if ('all' in condition) addAll(condition.all, 'all');
  else if ('any' in condition) addAll(condition.any, 'any');
  else if ('not' in condition) addCondition(found, condition.not, [...steps, 'not']);
  else if ('segment' in condition) {
    found.push({ table: 'segments', key: condition.segment, steps: [...steps, 'segment'] });
  } else if ('flag' in condition) found.push({ table: 'flags', key: condition.flag, steps: [...steps, 'flag'] });
}
