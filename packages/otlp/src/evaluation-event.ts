import type { EvaluationDetails, HookContext } from '@clarity/flags-core/ports';

/** What an attribute may hold: what JSON can. */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | { readonly [name: string]: AttributeValue };

/** A `feature_flag.evaluation` event, in the form that a logger of OpenTelemetry takes. */
export interface EvaluationEvent {
  readonly eventName: 'feature_flag.evaluation';
  /** Unix milliseconds. */
  readonly timestamp: number;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

export interface EventFacts {
  readonly providerName: string;
  readonly setId: string | undefined;
  /** The value goes along also where a variant stands for it. */
  readonly values: boolean;
  readonly contextId: string | undefined;
  /** Unix milliseconds. */
  readonly nowMs: number;
}

/** Keys are short; a longer one was made up by the caller. In UTF-16 code units. */
const LONGEST_NAME = 256;
/** A longer value says nothing in an event. In UTF-16 code units, of objects as JSON. */
const LONGEST_VALUE = 1_024;

/**
 * The event for one evaluation, with the attributes of the semantic conventions 1.45:
 * https://opentelemetry.io/docs/specs/semconv/feature-flags/feature-flags-events/
 */
export function evaluationEvent(
  { flagKey, revision }: Pick<HookContext, 'flagKey' | 'revision'>,
  { value, variant, reason, errorCode, errorMessage }: EvaluationDetails<EvaluationDetails['value'] | null>,
  { providerName, setId, values, contextId, nowMs }: EventFacts,
): EvaluationEvent {
  const attributes: Record<string, AttributeValue> = {
    'feature_flag.key': flagKey.length <= LONGEST_NAME ? flagKey : '__other__',
    'feature_flag.provider.name': providerName,
    'feature_flag.result.reason': reason.toLowerCase(),
  };
  if (variant !== undefined) attributes['feature_flag.result.variant'] = variant;
  // Required where there is no variant, and to be asked for otherwise: values may be large or private. There is none
  // where any type was asked for and nothing is served.
  if (value !== null && (variant === undefined || values) && isShort(value)) {
    attributes['feature_flag.result.value'] = value as AttributeValue;
  }
  if (revision !== null) attributes['feature_flag.version'] = revision;
  if (setId !== undefined) attributes['feature_flag.set.id'] = setId;
  if (contextId !== undefined) attributes['feature_flag.context.id'] = contextId;
  if (errorCode !== undefined) attributes['error.type'] = errorCode.toLowerCase();
  if (errorMessage !== undefined) attributes['feature_flag.error.message'] = errorMessage;
  return { eventName: 'feature_flag.evaluation', timestamp: nowMs, attributes };
}

function isShort(value: unknown): boolean {
  if (typeof value !== 'object') return typeof value !== 'string' || value.length <= LONGEST_VALUE;
  try {
    return JSON.stringify(value).length <= LONGEST_VALUE;
  } catch {
    return false; // A fallback in code may be anything.
  }
}
