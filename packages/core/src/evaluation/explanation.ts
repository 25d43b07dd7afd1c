import type { OperatorName, Operand } from '../document/types.ts';
import type { ContextProblem, EvaluationDetails } from './details.ts';
import type { ExperimentPart } from './experiment-part.ts';

/**
 * How an answer came about, step by step. Made for people: it holds values of the context, so mind whom it is shown to.
 */
export interface Explanation {
  readonly flagKey: string;
  /** What evaluation answers. */
  readonly details: EvaluationDetails;
  /** One sentence. */
  readonly summary: string;
  /** The resolved targeting key. */
  readonly targetingKey: string | undefined;
  /** In the order in which they are looked at. What lies behind a step that decided is not there. */
  readonly steps: readonly ExplanationStep[];
}

export type ExplanationStep =
  | EnabledStep
  | PrerequisiteStep
  | ScheduleStep
  | TargetsStep
  | RuleStep
  | FallthroughStep
  | FailureStep;

export interface EnabledStep {
  readonly step: 'enabled';
  readonly passed: boolean;
}

/** One prerequisite. Explain the other flag to see why it serves what it serves. */
export interface PrerequisiteStep {
  readonly step: 'prerequisite';
  readonly passed: boolean;
  readonly flag: string;
  readonly wanted: readonly string[];
  /** Absent: it served the fallback. */
  readonly served?: string;
  readonly reason: string;
}

export interface ScheduleStep {
  readonly step: 'schedule';
  readonly passed: boolean;
  readonly onAt?: string;
  readonly offAt?: string;
  readonly now: string;
}

export interface TargetsStep {
  readonly step: 'targets';
  /** Whether a target names the key, and so decides. */
  readonly matched: boolean;
  readonly variant?: string;
}

export interface RuleStep {
  readonly step: 'rule';
  readonly index: number;
  readonly id?: string;
  readonly description?: string;
  readonly matched: boolean;
  readonly condition: ConditionTrace;
  /** What the rule served, if it matched; with `goesOn`, how it came that the next rule is asked. */
  readonly serve?: ServeTrace;
}

export interface FallthroughStep {
  readonly step: 'fallthrough';
  readonly serve: ServeTrace;
}

/** The flag could not be evaluated, or the context not be read. */
export interface FailureStep {
  readonly step: 'failure';
  readonly message: string;
}

/**
 * A condition's verdict and why. All parts are there, also those that evaluation skips because the verdict is clear.
 */
export type ConditionTrace =
  | { readonly kind: 'all' | 'any' | 'not'; readonly holds: boolean; readonly parts: readonly ConditionTrace[] }
  | {
      readonly kind: 'comparison';
      readonly holds: boolean;
      readonly attribute: string;
      readonly op: OperatorName;
      readonly value?: Operand | readonly Operand[];
      /** What the context has, shortened; `not looked at` where that would have cost too much. */
      readonly found: string;
      /** What is wrong with that, where it has another form than the operator compares. */
      readonly problem?: ContextProblem;
    }
  | {
      /** Whether the unit's bucket is from `from` up to, and without, `to`. */
      readonly kind: 'bucket';
      readonly holds: boolean;
      /** The attributes that may hold the unit, and the unit found there. */
      readonly by: string | readonly string[];
      readonly unit: string | undefined;
      readonly salt: string;
      readonly bucket: number | undefined;
      readonly buckets: number;
      readonly from: number;
      readonly to: number;
    }
  | {
      /** Whether another flag serves one of the variants. Explain that flag to see why it serves what it serves. */
      readonly kind: 'flag';
      readonly holds: boolean;
      readonly flag: string;
      readonly wanted: readonly string[];
      /** Absent: it served the fallback. */
      readonly served?: string;
    }
  | {
      readonly kind: 'segment';
      readonly holds: boolean;
      readonly segment: string;
      readonly why: 'excluded' | 'included' | 'condition' | 'no condition';
      readonly condition?: ConditionTrace;
    };

/** How a variant was picked. */
export type ServeTrace =
  | { readonly kind: 'variant'; /** Null: the caller's fallback. */ readonly variant: string | null }
  | {
      readonly kind: 'split' | 'ramp';
      /** The attribute that holds the unit, or, where none does, those that may. */
      readonly by: string | readonly string[];
      readonly unit: string | undefined;
      readonly salt: string;
      /** From 0; undefined without a unit. */
      readonly bucket: number | undefined;
      /** How many buckets there are. */
      readonly buckets: number;
      /** Ranges of buckets: from (inclusive) to (exclusive). */
      readonly ranges: readonly {
        readonly variant: string | null;
        readonly from: number;
        readonly to: number;
        readonly chosen: boolean;
      }[];
      /** The experiment, and whether the unit takes part in it. */
      readonly experiment?: ExperimentPart;
      /** Nothing was served: the next rule is asked. */
      readonly goesOn?: boolean;
      /** Of a ramp: the percentage at this moment. */
      readonly percentage?: number;
      /** Without a unit: what was there. */
      readonly problem?: ContextProblem;
    };
