import { redact } from '@clarity/flags-core/adapter-kit';
import type { Steps } from './positions.ts';

/** Members whose values are nobody's secret: words of the format, names of variants, flags and segments, instants. */
const PUBLIC: ReadonlySet<string | number | undefined> = new Set(
  (
    'schemaVersion status rolloutPercentage clientVisible onAt offAt type enabled offVariant fallthrough serve flag ' +
    'variant segment kind by hash weight otherwise curve at percentage from until to of gaps layer holdout phase ' +
    'attribute op ignoreCase'
  ).split(' '),
);
/** Operators whose operand is a pattern, an instant or a version. What others compare with may be somebody's own. */
const PUBLIC_OPERANDS = /^(?:matches|before|after|semver\w+)$/;
const MOST_SHOWN = 60;

/** How a value is shown where it may be; undefined where it could be personal, and for what has parts. */
export function shownValue(value: unknown, steps: Steps, parent: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  if (!isPublic(steps, parent)) return undefined;
  const shown = typeof value === 'string' && value.length > MOST_SHOWN ? `${value.slice(0, MOST_SHOWN - 1)}…` : value;
  return redact(JSON.stringify(shown));
}

function isPublic(steps: Steps, parent: unknown): boolean {
  const last = steps.at(-1);
  // The values of variants, and metadata, may be called anything.
  if (steps[0] === 'flags' && (steps[2] === 'metadata' || (steps[2] === 'variants' && steps.length > 3))) return false;
  if (last === 'value') {
    const { op } = Object(parent) as { readonly op?: unknown };
    return typeof op === 'string' && PUBLIC_OPERANDS.test(op);
  }
  // The variants of another flag, in a prerequisite or a condition; the first or the last bucket of a range.
  if (typeof last === 'number') return steps.at(-2) === 'variants' || isOfRange(steps);
  if (last === 'id') return steps.at(-2) === 'experiment';
  return PUBLIC.has(last);
}

function isOfRange(steps: Steps): boolean {
  return typeof steps.at(-2) === 'number' && (steps.includes('ranges') || steps[0] === 'layers');
}
