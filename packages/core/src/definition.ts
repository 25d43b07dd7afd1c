/** A flag's definition, read without evaluating it: `@clarity/flags-core/definition`. */
export { BUCKETS } from './document/bucket-count.ts';
export { instantOf } from './document/instant.ts';
export { isRanged } from './document/is-ranged.ts';
export { toLongForm } from './document/short-form.ts';
export type { RampProgress } from './evaluation/ramp.ts';
export { rampProgress } from './evaluation/ramp.ts';
export type { VariantRange } from './evaluation/ranges.ts';
export { rangesOf } from './evaluation/ranges.ts';
