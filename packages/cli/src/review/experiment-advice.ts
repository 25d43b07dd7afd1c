/** What to write where an experiment does not fit its layer or its holdout. */
import { nearest } from '../nearest.ts';
import { isObject, type Mistake, quotedList, valueAt } from './mistake.ts';

/** By the sentence of what is allowed. */
export const EXPERIMENT_ADVICE: Readonly<Record<string, (mistake: Mistake) => string>> = {
  'an experiment beside the layer': besideAdvice,
  'an experiment beside the holdout': besideAdvice,
  'a layer with another salt than the split': saltAdvice,
  'a holdout with another salt than the split': saltAdvice,
  'a holdout with another salt than the layer': ({ value }) =>
    `give the holdout ${JSON.stringify(value)} another "salt", such as ${JSON.stringify(`${String(value)}-holdout`)}`,
};

function besideAdvice({ name, value, root }: Mistake): string {
  const slots = name === 'layer' ? slotsOf(String(value), root) : [];
  return `add "experiment": {"id": ${JSON.stringify(slots[0] ?? 'one-page-2026')}, "phase": 1}, or take it out`;
}

function saltAdvice({ value, parent }: Mistake): string {
  const { salt, experiment } = Object(parent) as { readonly salt?: unknown; readonly experiment?: unknown };
  const { id } = Object(experiment) as { readonly id?: unknown };
  const example = JSON.stringify(`${String(id ?? value)}-arms`);
  return typeof salt === 'string'
    ? `give the split another "salt", such as ${example}`
    : `add "salt": ${example} to the split: without one it has that of its flag`;
}

/** An experiment without a slot in its layer. */
export function slotAdvice({ finding: { allowed, steps }, value, root }: Mistake): string | undefined {
  if (!allowed.startsWith('an experiment with a slot in layer ')) return undefined;
  const layer = String(valueAt(root, [...steps.slice(0, -2), 'layer']));
  const slots = slotsOf(layer, root);
  const meant = nearest(String(value), slots);
  if (meant !== undefined) return `did you mean ${JSON.stringify(meant)}?`;
  const add = `add ${JSON.stringify(value)}: [[…]] to the slots of layer ${JSON.stringify(layer)}`;
  return slots.length === 0 ? add : `write ${slots.length === 1 ? '' : 'one of '}${quotedList(slots)}, or ${add}`;
}

/** An experiment that deals by another unit than its layer. */
export function unitAdvice({ finding: { allowed, steps }, value, root }: Mistake): string | undefined {
  if (!/, the unit of layer /.test(allowed)) return undefined;
  const layer = valueAt(root, ['layers', String(valueAt(root, [...steps.slice(0, -1), 'layer']))]);
  const by = isObject(layer) ? layer['by'] : undefined;
  if (by === undefined) return 'take "by" out, or give the layer and all experiments in it the same one';
  const how = value === undefined ? 'add' : 'write';
  return `${how} "by": ${JSON.stringify(by)}: all experiments of a layer deal by its unit`;
}

function slotsOf(layer: string, root: unknown): readonly string[] {
  const slots = valueAt(root, ['layers', layer, 'slots']);
  return isObject(slots) ? Object.keys(slots) : [];
}
