/** What to write where something has the wrong form. */
import { isObject, type Mistake } from './mistake.ts';
import { armsExample } from './ranged-split.ts';

/** Something of another form than is allowed. */
export function formAdvice({ finding: { allowed, steps }, value, name, parent }: Mistake): string {
  if (allowed.startsWith('enabled, ')) {
    if (typeof value === 'boolean') return `write "${value ? 'enabled' : 'disabled'}"`;
    return 'write "enabled", "disabled", "beta" or "canary"';
  }
  if (/^\w+$/.test(allowed)) return `write "${allowed}"`;
  if (/^\w+(?:, \w+)+$/.test(allowed)) return `write one of ${allowed}, in double quotes`;
  if (allowed.startsWith('an object with') && allowed.includes('status')) return flagAdvice(value);
  if (allowed === 'a condition') {
    return Array.isArray(value)
      ? 'write {"all": […]} around the list, or {"any": […]}'
      : 'write a condition such as {"attribute": "country", "op": "equals", "value": "CH"}';
  }
  if (allowed === 'a list') return listAdvice(name, value, parent, steps);
  if (allowed === 'an object') return objectAdvice(name);
  if (allowed === 'an object or a list') return 'write {…} or […], or give the flag another "type"';
  const names = /^an object with (.+)$/.exec(allowed)?.[1];
  if (names !== undefined) return partAdvice(names, name, value);
  return `write ${allowed}`;
}

function flagAdvice(value: unknown): string {
  if (typeof value === 'boolean') return `write {"status": "${value ? 'enabled' : 'disabled'}"}`;
  if (value === 'enabled' || value === 'disabled') return `write {"status": "${value}"}`;
  if (typeof value === 'number') return 'write {"status": "canary", "rolloutPercentage": …}, with the number';
  if (value === null) return 'take the flag out, or write {"status": "disabled"}';
  return 'write a flag such as {"status": "enabled"}';
}

/** An object with those members. */
function partAdvice(names: string, name: string | number | undefined, value: unknown): string {
  if (names === 'id, phase') {
    const id = typeof value === 'string' && /^[\w.-]{1,60}$/.test(value) ? value : 'one-page-2026';
    return `write {"id": ${JSON.stringify(id)}, "phase": 1}`;
  }
  if (name === 'bucket') return 'write {"salt": "gate", "from": 0, "to": 10000}';
  if (names.endsWith(', slots')) return 'write {"slots": {"one-page-2026": [[0, 50000]]}}';
  if (names.endsWith(', hash, percentage'))
    return `write {"percentage": ${typeof value === 'number' && value >= 0 && value <= 100 ? value : 5}}`;
  return `write {…} with ${names}`;
}

function listAdvice(
  name: string | number | undefined,
  value: unknown,
  parent: unknown,
  steps: readonly (string | number)[],
): string {
  if (name === 'variants' && isObject(parent) && 'kind' in parent) return `write ${armsExample(parent)}`;
  if (name === 'ranges' || isSlot(steps)) return rangesAdvice(value);
  if (name === 'rules') return 'write [{"when": {…}, "serve": "on"}]';
  if (name === 'targets') return 'write [{"variant": "on", "keys": ["u1"]}]';
  if (name === 'prerequisites') return 'write [{"flag": "other_flag", "variants": ["on"]}]';
  if (name === 'points') return 'write [{"at": "2026-12-01T09:00:00Z", "percentage": 100}]';
  if (typeof value === 'string' && value.includes(',')) return 'write a list, each part in double quotes: ["u1", "u2"]';
  return 'put square brackets around it: […]';
}

function isSlot([table, , member, ...rest]: readonly (string | number)[]): boolean {
  return table === 'layers' && member === 'slots' && rest.length === 1;
}

function rangesAdvice(value: unknown): string {
  const { from, to } = Object(value) as { readonly from?: unknown; readonly to?: unknown };
  return typeof from === 'number' && typeof to === 'number' ? `write [[${from}, ${to}]]` : 'write [[0, 50000]]';
}

function objectAdvice(name: string | number | undefined): string {
  if (name === 'flags') return 'write {"new_checkout": {"status": "disabled"}}: each flag under its key';
  if (name === 'segments') return 'write {"testers": {"include": ["u1"]}}: each segment under its name';
  if (name === 'layers')
    return 'write {"checkout": {"slots": {"one-page-2026": [[0, 50000]]}}}: each layer under its name';
  if (name === 'holdouts') return 'write {"all-2026": {"percentage": 5}}: each holdout under its name';
  if (name === 'slots') return 'write {"one-page-2026": [[0, 50000]]}: each slot under the id of its experiment';
  if (name === 'variants') return 'write {"light": "light", "dark": "dark"}: each value under its name';
  if (name === 'metadata') return 'write {"owner": "team"}';
  return 'write {…}';
}
