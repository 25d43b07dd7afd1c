/** What to write where something has the wrong form, or is not there. */
import { nearest } from '../nearest.ts';
import { isObject, lacksType, type Mistake } from './mistake.ts';

/** Something that has to be there and is not. */
export function missingAdvice({ name, parent, finding }: Mistake): string {
  if (name === 'flags') return flagsAdvice(parent);
  if (name === 'schemaVersion') return meantIn(parent, name) ?? 'add "schemaVersion": 1';
  if (name === 'status') return statusAdvice(parent);
  const isDealt = isObject(parent) && 'kind' in parent;
  if (name === 'variants' && isDealt) return `add "variants": ${SPLIT}`;
  return MISSING[String(name)] ?? `add ${JSON.stringify(name)}: ${finding.allowed}`;
}

const SPLIT = '[{"variant": "on", "weight": 50}, {"variant": "off", "weight": 50}]';

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

/** Something of another form than is allowed. */
export function formAdvice({ finding: { allowed }, value, name, parent }: Mistake): string {
  if (allowed.startsWith('enabled, ')) {
    if (typeof value === 'boolean') return `write "${value ? 'enabled' : 'disabled'}"`;
    return 'write "enabled", "disabled", "beta" or "canary"';
  }
  if (/^\w+(?:, \w+)+$/.test(allowed)) return `write one of ${allowed}, in double quotes`;
  if (allowed.startsWith('an object with') && allowed.includes('status')) return flagAdvice(value);
  if (allowed === 'a condition') {
    return Array.isArray(value)
      ? 'write {"all": […]} around the list, or {"any": […]}'
      : 'write a condition such as {"attribute": "country", "op": "equals", "value": "CH"}';
  }
  if (allowed === 'a list') return listAdvice(name, value, parent);
  if (allowed === 'an object') return objectAdvice(name);
  if (allowed === 'an object or a list') return 'write {…} or […], or give the flag another "type"';
  const names = /^an object with (.+)$/.exec(allowed)?.[1];
  if (names !== undefined) return `write {…} with ${names}`;
  return `write ${allowed}`;
}

function flagAdvice(value: unknown): string {
  if (typeof value === 'boolean') return `write {"status": "${value ? 'enabled' : 'disabled'}"}`;
  if (value === 'enabled' || value === 'disabled') return `write {"status": "${value}"}`;
  if (typeof value === 'number') return 'write {"status": "canary", "rolloutPercentage": …}, with the number';
  if (value === null) return 'take the flag out, or write {"status": "disabled"}';
  return 'write a flag such as {"status": "enabled"}';
}

function listAdvice(name: string | number | undefined, value: unknown, parent: unknown): string {
  if (name === 'variants' && isObject(parent) && 'kind' in parent) return `write ${SPLIT}`;
  if (name === 'rules') return 'write [{"when": {…}, "serve": "on"}]';
  if (name === 'targets') return 'write [{"variant": "on", "keys": ["u1"]}]';
  if (name === 'prerequisites') return 'write [{"flag": "other_flag", "variants": ["on"]}]';
  if (name === 'points') return 'write [{"at": "2026-12-01T09:00:00Z", "percentage": 100}]';
  if (typeof value === 'string' && value.includes(',')) return 'write a list, each part in double quotes: ["u1", "u2"]';
  return 'put square brackets around it: […]';
}

function objectAdvice(name: string | number | undefined): string {
  if (name === 'flags') return 'write {"new_checkout": {"status": "disabled"}}: each flag under its key';
  if (name === 'segments') return 'write {"testers": {"include": ["u1"]}}: each segment under its name';
  if (name === 'variants') return 'write {"light": "light", "dark": "dark"}: each value under its name';
  if (name === 'metadata') return 'write {"owner": "team"}';
  return 'write {…}';
}
