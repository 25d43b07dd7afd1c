/** What to write where something is not there. */
import { nearest } from '../nearest.ts';
import { unitAdvice } from './experiment-advice.ts';
import { isObject, lacksType, type Mistake, valueAt, variantsOf } from './mistake.ts';
import { armsExample } from './ranged-split.ts';

/** Something that has to be there and is not. */
export function missingAdvice(mistake: Mistake): string {
  const { name, parent, finding, root } = mistake;
  // Of a split in a layer, the layer says by what.
  if (name === 'by') return unitAdvice(mistake) ?? 'add "by"';
  if (name === 'flags') return flagsAdvice(parent);
  if (name === 'schemaVersion') return meantIn(parent, name) ?? 'add "schemaVersion": 1';
  if (name === 'status') return statusAdvice(parent);
  const isDealt = isObject(parent) && 'kind' in parent;
  if (name === 'variants' && isDealt) return `add "variants": ${armsExample(parent)}`;
  if (name === 'variants' && isObject(parent) && 'flag' in parent)
    return `add "variants": ${askedVariants(parent, root)}`;
  return MISSING[String(name)] ?? `add ${JSON.stringify(name)}: ${finding.allowed}`;
}

const MISSING: Readonly<Record<string, string>> = {
  type: 'add "type": "boolean", "string", "number" or "object"',
  variants: 'add "variants": {"name": value, …}: what this flag can give, by name',
  fallthrough: 'add "fallthrough": the variant for everybody whom no rule decides, such as "off"',
  when: 'add "when": {"attribute": "country", "op": "equals", "value": "CH"}',
  serve: 'add "serve": the variant that the rule gives, such as "on"',
  op: 'add "op", such as "equals"',
  value: 'add "value": what the attribute is compared with',
  kind: 'add "kind": "split" or "ramp"',
  variant: 'add "variant": the name of a variant of this flag',
  weight: 'add "weight": a number such as 50',
  keys: 'add "keys": ["u1"]',
  points: 'add "points": [{"at": "2026-12-01T09:00:00Z", "percentage": 100}]',
  otherwise: 'add "otherwise": the variant for all others, such as "off"',
  ranges: 'add "ranges": [[0, 50000]], or [] for nobody yet',
  slots: 'add "slots": {"one-page-2026": [[0, 50000]]}: by the id of the experiment',
  percentage: 'add "percentage": 5',
  salt: 'add "salt": "gate", or that of the split whose buckets are meant',
  from: 'add "from": the first bucket, such as 0',
  to: 'add "to": the bucket after the last, such as 10000',
  id: 'add "id": a name of its own, such as "one-page-2026"',
  phase: 'add "phase": 1',
  curve: 'add "curve": "linear" or "steps"',
};

const FLAGS = 'add "flags": {"new_checkout": {"status": "disabled"}}';

function flagsAdvice(root: unknown): string {
  if (!isObject(root)) return FLAGS;
  const meant = meantIn(root, 'flags');
  if (meant !== undefined) return meant;
  const flag = Object.keys(root).find((key) => isObject(root[key]) && ('status' in root[key] || 'type' in root[key]));
  return flag === undefined ? FLAGS : `put the flags, such as ${JSON.stringify(flag)}, into "flags": {…}`;
}

/** That a member is there under a slip of its name. */
function meantIn(root: unknown, name: string): string | undefined {
  const near = nearest(name, Object.keys(Object(root) as object));
  return near === undefined ? undefined : `did you mean "${name}" for ${JSON.stringify(near)}?`;
}

/** A flag without a status is in the long form, and lacks its type; or it is empty. */
function statusAdvice(flag: unknown): string {
  return lacksType(flag)
    ? 'add "type", such as "boolean": with rules, targets or variants a flag is in the long form'
    : 'add "status": "enabled", "disabled", "beta" or "canary"';
}

/** The variants of the flag that is asked. */
function askedVariants({ flag }: Readonly<Record<string, unknown>>, root: unknown): string {
  const [first = 'on'] = variantsOf(valueAt(root, ['flags', String(flag)]));
  return JSON.stringify([first]);
}
