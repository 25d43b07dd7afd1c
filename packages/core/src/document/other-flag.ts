/** The form of what asks for another flag's answer: prerequisites, and conditions on flags. */
import { be, type Check, type Form, has, list, record } from './inspection.ts';
import { type Dictionary, isObject } from './is-object.ts';
import { entryOf } from './tables.ts';
import type { Prerequisite } from './types.ts';
import { name } from './values.ts';

/** The names of a flag's variants, in short and in long form. */
export function variantsOf(definition: unknown): Dictionary {
  const variants = isObject(definition) ? definition['variants'] : undefined;
  return isObject(variants) ? variants : { on: true, off: false };
}

function formBy(sign: 'f' | 'c'): Form<Prerequisite> {
  const flag = be(
    'the key of a flag in this document',
    (value, at) => {
      if (!at.knows('flags', value)) return false;
      at.refers.push(`${sign}${value}`);
      return true;
    },
    true,
  );
  return { flag, variants: list(name) };
}

function answer(form: Form<Prerequisite>): Check {
  const members = record(form);
  return (value, at) => {
    members(value, at);
    const flagKey = isObject(value) ? value['flag'] : undefined;
    if (!isObject(value) || typeof flagKey !== 'string' || !Array.isArray(value['variants'])) return;
    const other = at.entry('flags', flagKey);
    if (other === undefined) return;
    const names = variantsOf(other);
    const stranger = (value['variants'] as unknown[]).find((one) => !has(names, one));
    // A newer version may name variants elsewhere.
    if (stranger !== undefined) at.doubt(entryOf('flags', flagKey), stranger, `variants of ${flagKey}`);
  };
}

export const prerequisiteForm = formBy('f');
export const prerequisite = answer(prerequisiteForm);
/** The same within a condition. */
export const servesVariant = answer(formBy('c'));
