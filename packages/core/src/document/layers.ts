/** The form of layers and holdouts, and of the experiments that name them. */
import { bucketsOf, checkDisjoint, dealing, of, ranges } from './buckets.ts';
import { be, type Check, describe, dictionary, type Form, has, type Inspection, isText, record } from './inspection.ts';
import { isObject } from './is-object.ts';
import { entryOf } from './tables.ts';
import type { Experiment, Holdout, Layer, RangedSplit } from './types.ts';
import { integer, name, percentage, text } from './values.ts';

export const layer: Form<Layer> = { 'description?': text, ...dealing, 'of?': of, slots: dictionary(ranges) };
export const holdout: Form<Holdout> = { 'description?': text, ...dealing, percentage };

const layerMembers = record(layer);
export const checkHoldout: Check = record(holdout);
export const checkLayer: Check = (value, at) => {
  at.buckets = bucketsOf(value);
  const before = at.problems.length;
  layerMembers(value, at);
  if (at.problems.length > before || at.newer !== undefined) return;
  const slots = Object.entries((value as Layer).slots);
  checkDisjoint(
    slots.map(([id, several]) => ({ steps: ['slots', id], ranges: several })),
    at,
  );
};

export const experiment: Form<Experiment> = { id: name, phase: integer(1) };

function named(table: 'layers' | 'holdouts', sign: 'l' | 'h', allowed: string): Check {
  return be(
    allowed,
    (value, at) => {
      if (!at.knows(table, value)) return false;
      at.refers.push(`${sign}${value}`);
      return true;
    },
    true,
  );
}
export const layerName = named('layers', 'l', 'the name of a layer in this document');
export const holdoutName = named('holdouts', 'h', 'the name of a holdout in this document');

/**
 * What a split's layer and holdout ask of it, unless they are of a newer version. Takes a split that is sound by
 * itself.
 */
export function checkAgainstLayers(split: RangedSplit, at: Inspection): void {
  const { layer: inLayer, holdout: heldBy } = split;
  /** Who has which salt: each deals for itself, or those who are held out would be the first in the arms. */
  const salts = new Map([[split.salt ?? at.salt, 'the split']]);
  const saltOf = (member: 'layer' | 'holdout', entryName: string, entry: unknown): void => {
    const given = isObject(entry) ? entry['salt'] : undefined;
    const salt = typeof given === 'string' ? given : entryName;
    const other = salts.get(salt);
    const entryOfIt = entryOf(`${member}s`, entryName);
    const report = (): void => at.doubt(entryOfIt, entryName, `a ${member} with another salt than ${other}`, true);
    if (other !== undefined) at.within(member, report, entryName);
    salts.set(salt, `the ${member}`);
  };
  const layerEntry = inLayer === undefined ? undefined : at.entry('layers', inLayer);
  if (inLayer !== undefined && isObject(layerEntry)) {
    saltOf('layer', inLayer, layerEntry);
    checkSlot(split, inLayer, layerEntry, at);
  }
  const holdoutEntry = heldBy === undefined ? undefined : at.entry('holdouts', heldBy);
  if (heldBy !== undefined && holdoutEntry !== undefined) saltOf('holdout', heldBy, holdoutEntry);
}

/** An experiment has a slot in its layer, and deals by the layer's unit: slots of two kinds of units exclude nobody. */
function checkSlot(split: RangedSplit, inLayer: string, { by, slots }: Partial<Layer>, at: Inspection): void {
  const layerItself = entryOf('layers', inLayer);
  const id = split.experiment?.id;
  if (id !== undefined && isObject(slots) && !has(slots, id)) {
    const report = (): void =>
      at.doubt(layerItself, id, `an experiment with a slot in layer ${brief(inLayer)}: ${slotWords(slots)}`, true);
    at.along(['experiment', 'id'], report);
  }
  const report = (): void =>
    at.doubt(layerItself, split.by, `${unitWords(by)}, the unit of layer ${brief(inLayer)}`, true);
  const [units, unitsOfLayer] = [unitsIn(split.by), unitsIn(by)];
  if (units.length !== unitsOfLayer.length || units.some((unit, index) => unit !== unitsOfLayer[index]))
    at.within('by', report, split.by);
}

/** The same for all ways to write the same units. */
function unitsIn(by: unknown = 'targetingKey'): readonly unknown[] {
  return Array.isArray(by) ? by : [by];
}

// Words of a layer are short, and found once: all splits of a document may complain of one layer.

function unitWords(by: unknown): string {
  return unitsIn(by)
    .slice(0, 8)
    .map((unit) => (isText(unit) ? brief(unit) : describe(unit)))
    .join(', ');
}

const knownSlotWords = new WeakMap<object, string>();

function slotWords(slots: object): string {
  let words = knownSlotWords.get(slots);
  if (words === undefined) {
    words = Object.keys(slots).slice(0, 5).map(brief).join(', ') || 'none yet';
    knownSlotWords.set(slots, words);
  }
  return words;
}

function brief(name: string): string {
  return name.length > 50 ? `${name.slice(0, 49)}…` : name;
}
