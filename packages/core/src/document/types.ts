/** What is stored: the types of a flag document. `schema/flags.schema.json` says the same for editors. */

/** Any JSON value. */
export type JsonValue = null | boolean | number | string | JsonObject | readonly JsonValue[];
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** What a flag can answer. */
export type FlagValue = boolean | number | string | JsonObject | readonly JsonValue[];

/** A document that the decoder accepted. Its tables have no prototype, so that no key can meet one. */
export interface FlagDocument {
  readonly schemaVersion: 1;
  /** The environment that the document is meant for. Information only. */
  readonly environment?: string;
  readonly flags: Readonly<Record<string, FlagDefinition>>;
  readonly segments?: Readonly<Record<string, Segment>>;
  /** By the name that splits give. */
  readonly layers?: Readonly<Record<string, Layer>>;
  /** By the name that splits give. */
  readonly holdouts?: Readonly<Record<string, Holdout>>;
  /** Flags that cannot be read. Callers who ask for one are served their fallback. */
  readonly setAside?: readonly SetAside[];
}

/** A flag that is not used: what in it is wrong, or is not known to this version because a newer one wrote it. */
export interface SetAside {
  readonly flagKey: string;
  readonly problem: Problem;
}

/** One thing that is wrong with a document. */
export interface Problem {
  /** Where: `$.flags.checkout.rules[0].when.op`; a syntax error has `line 3, column 14`. */
  readonly path: string;
  /**
   * What stands there, by its kind and length: `text of 16 characters`. Only words, numbers and names that are nobody's
   * own, like an operator or a percentage, are repeated.
   */
  readonly found: string;
  readonly allowed: string;
  /** The three in one sentence. */
  readonly message: string;
}

export type FlagDefinition = ShortFlag | LongFlag;

interface AnyFlag {
  readonly description?: string;
  /** Handed out with details, untouched. */
  readonly metadata?: JsonObject;
  /** Whether the flag may be sent to browsers. Default false. */
  readonly clientVisible?: boolean;
  /** What bucketing mixes with the unit. Default: the flag's key. Changing it deals everyone anew. */
  readonly salt?: string;
  readonly schedule?: Schedule;
}

/** A boolean flag in few words. */
export interface ShortFlag extends AnyFlag {
  /**
   * `enabled`; `disabled`; `beta`: on for `betaUsers`, the caller's fallback without a targeting key; `canary`: on for
   * `betaUsers` and for `rolloutPercentage` of targeting keys, off without one.
   */
  readonly status: 'enabled' | 'disabled' | 'beta' | 'canary';
  /** 0 to 100, in steps of 0.001. Used by `canary`. Default 0. */
  readonly rolloutPercentage?: number;
  /** Targeting keys. Used by `beta` and `canary`. */
  readonly betaUsers?: readonly (string | number)[];
}

export interface LongFlag extends AnyFlag {
  readonly type: FlagType;
  /** Default true. When false, the off variant is served, before anything else is looked at. */
  readonly enabled?: boolean;
  /** Values by variant name, all of the flag's type. A boolean flag may leave them out and has `on` and `off`. */
  readonly variants?: Readonly<Record<string, FlagValue>>;
  /**
   * Served when the flag is disabled, outside its schedule, when a prerequisite fails or a split finds no unit. Null:
   * the caller's fallback. Default: `off` where the variants are left out, else null.
   */
  readonly offVariant?: string | null;
  /** All must hold; they are looked at before anything else. */
  readonly prerequisites?: readonly Prerequisite[];
  /** Variants for single targeting keys. The first that names a key wins. */
  readonly targets?: readonly Target[];
  /** The first whose condition holds decides. */
  readonly rules?: readonly Rule[];
  /** What is served when no target and no rule decided. */
  readonly fallthrough: Serve;
}

export type FlagType = 'boolean' | 'string' | 'number' | 'object';

/** The flag is off outside `onAt` (inclusive) to `offAt` (exclusive). Instants are ISO 8601 with a zone. */
export interface Schedule {
  readonly onAt?: string;
  readonly offAt?: string;
}

/** Holds while the other flag serves one of `variants` to the same context. */
export interface Prerequisite {
  readonly flag: string;
  readonly variants: readonly string[];
}

export interface Target {
  readonly variant: string;
  readonly keys: readonly (string | number)[];
}

export interface Rule {
  /** Named in details and explanations. */
  readonly id?: string;
  readonly description?: string;
  readonly when: Condition;
  readonly serve: Serve;
}

/** A variant's name, null for the caller's fallback, or a way of dealing variants to units. */
export type Serve = string | null | Split | Ramp;

/** How units come into buckets. */
interface Dealing {
  /**
   * The attribute whose value is the unit, or several, at most 8: the first that holds a unit deals. Each is a kind of
   * unit of its own: who logs in becomes another unit. Default: the targeting key.
   */
  readonly by?: string | readonly string[];
  /** Default: the flag's salt. Give two flags one salt, and they deal alike. */
  readonly salt?: string;
  readonly hash?: 'murmur3';
}

/** Some buckets: from the first up to, and without, the second. */
export type BucketRange = readonly [from: number, to: number];

export type Split = WeightedSplit | RangedSplit;

/**
 * Deals variants by fixed weights. The order matters: buckets are cut in it, from 0. To change a weight moves more
 * units than it must: what is to grow deals by ranges.
 */
export interface WeightedSplit extends Dealing {
  readonly kind: 'split';
  /** Weights relate to their sum; let them sum to 100 and they are percentages. */
  readonly variants: readonly { readonly variant: string; readonly weight: number }[];
}

/**
 * Deals variants by ranges of buckets, so that it can grow, be reweighed and end without moving a unit that need not
 * move. `reshape` of `@clarity/flags-changes` writes the ranges. Has either `otherwise` or `gaps`.
 */
export interface RangedSplit extends Dealing {
  readonly kind: 'split';
  /** How many buckets there are: 1 to 1,000,000. Default 100,000: 1,000 are one per cent. */
  readonly of?: number;
  /** No bucket is in two ranges. A variant without a range is dealt to nobody. */
  readonly variants: readonly { readonly variant: string; readonly ranges: readonly BucketRange[] }[];
  /** Served to units in no range, and to those that take no part in the experiment. Null: the caller's fallback. */
  readonly otherwise?: string | null;
  /** In a rule, in place of `otherwise`: such units, and contexts without a unit, go on to the next rule. */
  readonly gaps?: 'continue';
  /** The experiment whose arms these are. Details name it. */
  readonly experiment?: Experiment;
  /** Of an experiment: only units in its slot of this layer take part. */
  readonly layer?: string;
  /** Of an experiment: units that this holdout holds take no part. */
  readonly holdout?: string;
}

export interface Experiment {
  readonly id: string;
  /** The time between two changes of its ranges: an integer from 1. */
  readonly phase: number;
}

/** Experiments that exclude each other: a unit is in the slot of one of them at most. */
export interface Layer extends Omit<Dealing, 'salt'> {
  readonly description?: string;
  /** Default: the layer's name. Not the salt of a split in it. */
  readonly salt?: string;
  /** As of a split. */
  readonly of?: number;
  /** By the experiment's id. No bucket is in two of them. All experiments of a layer deal by its unit. */
  readonly slots: Readonly<Record<string, readonly BucketRange[]>>;
}

/** Units that are kept out of every experiment that names it. */
export interface Holdout extends Omit<Dealing, 'salt'> {
  readonly description?: string;
  /** Default: the holdout's name. Not the salt of a split or a layer that meets it. */
  readonly salt?: string;
  /** 0 to 100, in steps of 0.001. Raising it never lets anyone in. */
  readonly percentage: number;
}

/** Deals one variant to a share of units that rises with time. A pure function of the clock. */
export interface Ramp extends Dealing {
  readonly kind: 'ramp';
  readonly variant: string;
  /** Served to everyone else. Null: the caller's fallback. */
  readonly otherwise: string | null;
  /** `steps`: each point's percentage holds until the next. `linear`: it moves evenly from point to point. */
  readonly curve: 'steps' | 'linear';
  /**
   * Later ones must be later and not smaller. Before the first nobody has the variant; after the last its percentage
   * stays.
   */
  readonly points: readonly { readonly at: string; readonly percentage: number }[];
  /** While paused the percentage stands still; afterwards it goes on from there. The last may have no end yet. */
  readonly pauses?: readonly { readonly from: string; readonly until?: string }[];
}

export type Condition = AllOf | AnyOf | Not | InSegment | InBuckets | ServesVariant | Comparison;
export interface AllOf {
  readonly all: readonly Condition[];
}
export interface AnyOf {
  readonly any: readonly Condition[];
}
export interface Not {
  readonly not: Condition;
}
export interface InSegment {
  readonly segment: string;
}

/** Holds for units in some of the buckets. False without a unit. */
export interface InBuckets {
  readonly bucket: Bucketing;
}

export interface Bucketing extends Omit<Dealing, 'salt'> {
  /** Give the salt of a split, and the same units are in the same buckets. */
  readonly salt: string;
  /** As of a split. */
  readonly of?: number;
  /** From this bucket up to, and without, `to`. */
  readonly from: number;
  readonly to: number;
}

/** Holds while another flag serves one of `variants` to the same context: a prerequisite inside a condition. */
export type ServesVariant = Prerequisite;

/** Compares one attribute. A missing attribute makes it false. Of a list-valued attribute, one element is enough. */
export interface Comparison {
  /**
   * A property of the evaluation context. A name with dots that is no property itself is a path into nested objects,
   * not lists. `targetingKey` is the resolved one (`userId` stands in for it; integers are text).
   */
  readonly attribute: string;
  readonly op: OperatorName;
  /** What to compare with; where a list is allowed, one of it is enough. `exists` takes none. */
  readonly value?: Operand | readonly Operand[];
  /**
   * For `equals`, `in`, `contains`, `startsWith`, `endsWith` and `matches`; with another operator the flag is set
   * aside.
   */
  readonly ignoreCase?: boolean;
}
export type Operand = string | number | boolean;

export type OperatorName =
  | 'exists'
  | 'equals'
  | 'in'
  | 'contains'
  | 'startsWith'
  | 'endsWith'
  | 'matches'
  | 'lessThan'
  | 'atMost'
  | 'greaterThan'
  | 'atLeast'
  | 'before'
  | 'after'
  | 'semverEquals'
  | 'semverLessThan'
  | 'semverAtMost'
  | 'semverGreaterThan'
  | 'semverAtLeast'
  | 'inNetwork';

/** A named group of contexts. `exclude` is stronger than `include`, and both are stronger than `when`. */
export interface Segment {
  readonly description?: string;
  /** Targeting keys that belong to it. */
  readonly include?: readonly (string | number)[];
  readonly exclude?: readonly (string | number)[];
  readonly when?: Condition;
}
