import type { FlagValue } from '../../document/types.ts';
import type { EvaluationContext } from '../../evaluation/context.ts';
import type { ClientEvaluationDetails, FlagEvaluations } from '../answers/flag-evaluations.ts';
import { flagsNow } from './flags-now.ts';
import { type StandardSchema, validateNow } from './standard-schema.ts';

/** What an application knows of one of its flags: its type, and what is served in doubt. */
export interface FlagSpec<out Value> {
  readonly fallback: Value;
  /** The value if it is one of this flag's, or why it is not. */
  readonly accept: (
    value: unknown,
  ) => { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string };
}

export type FlagSpecs = Readonly<Record<string, FlagSpec<unknown>>>;
export type ValueOf<Spec> = Spec extends FlagSpec<infer Value> ? Value : never;
/** Keys of the flags that are booleans. */
export type BooleanKey<Specs extends FlagSpecs> = {
  [Key in keyof Specs]: ValueOf<Specs[Key]> extends boolean ? Key : never;
}[keyof Specs] &
  string;

function primitive<Value extends boolean | string | number>(fallback: Value): FlagSpec<Value> {
  const type = typeof fallback;
  return {
    fallback,
    accept: (value) =>
      typeof value === type ? { ok: true, value: value as Value } : { ok: false, message: `the flag is no ${type}` },
  };
}

/** The kinds of flags, for `defineFlags`. Each takes the value that is served in doubt. */
export const flag = {
  boolean: (fallback = false): FlagSpec<boolean> => primitive<boolean>(fallback),
  string: (fallback: string): FlagSpec<string> => primitive<string>(fallback),
  number: (fallback: number): FlagSpec<number> => primitive<number>(fallback),
  /** Text that is one of a few. A variant that the application does not know is served as the fallback. */
  oneOf: <const Choices extends readonly string[]>(
    choices: Choices,
    fallback: Choices[number],
  ): FlagSpec<Choices[number]> => ({
    fallback,
    accept: (value) =>
      choices.includes(value as string)
        ? { ok: true, value: value as Choices[number] }
        : { ok: false, message: `the flag is not one of ${choices.join(', ')}` },
  }),
  /**
   * A JSON object that a Standard Schema accepts: Zod, Valibot, ArkType, Effect Schema and others. Each value is
   * validated once.
   */
  object: <Output extends object>(schema: StandardSchema<Output>, fallback: Output): FlagSpec<Output> => {
    const validated = new WeakMap<object, ReturnType<FlagSpec<Output>['accept']>>();
    return {
      fallback,
      accept: (value) => {
        if (typeof value !== 'object' || value === null) return { ok: false, message: 'the flag is no object' };
        let verdict = validated.get(value);
        if (verdict === undefined) {
          verdict = validateNow(schema, value);
          validated.set(value, verdict);
        }
        return verdict;
      },
    };
  },
} as const;

/** The flags of an application: a wrong key or type does not compile. */
export interface TypedFlags<Specs extends FlagSpecs> {
  isEnabled(key: BooleanKey<Specs>, context?: EvaluationContext): boolean;
  /** The flag's value; its own fallback when it is unknown, of another type, or not what its schema accepts. */
  value<Key extends keyof Specs & string>(key: Key, context?: EvaluationContext): ValueOf<Specs[Key]>;
  details<Key extends keyof Specs & string>(
    key: Key,
    context?: EvaluationContext,
  ): Omit<ClientEvaluationDetails, 'value'> & { readonly value: ValueOf<Specs[Key]> };
  /** A check for each boolean flag, by its key: `checks.new_checkout({ userId })`. */
  readonly checks: { readonly [Key in BooleanKey<Specs>]: (context?: EvaluationContext) => boolean };
}

export interface FlagRegistry<Specs extends FlagSpecs> {
  readonly specs: Specs;
  readonly keys: readonly (keyof Specs & string)[];
  /** Typed questions to a client, or to what `forContext` pinned. */
  of(client: FlagEvaluations | (() => FlagEvaluations)): TypedFlags<Specs>;
}

/** Declares the flags that an application asks about: their keys, types and fallbacks, in one place. */
export function defineFlags<const Specs extends FlagSpecs>(specs: Specs): FlagRegistry<Specs> {
  const keys = Object.keys(specs) as (keyof Specs & string)[];
  return { specs, keys, of: (client) => typedFlags(specs, keys, () => flagsNow(client)) };
}

function typedFlags<Specs extends FlagSpecs>(
  specs: Specs,
  keys: readonly (keyof Specs & string)[],
  client: () => FlagEvaluations | undefined,
): TypedFlags<Specs> {
  // Types rule any other key out; for code without types it is a flag without a value, since asking about flags never
  // throws.
  const specOf = (key: string): FlagSpec<unknown> =>
    (Object.hasOwn(specs, key) ? specs[key] : undefined) ?? NOT_DEFINED;
  const isEnabled = (key: string, context?: EvaluationContext): boolean => {
    const { fallback } = specOf(key);
    return typeof fallback === 'boolean' && (client()?.isEnabled(key, context, fallback) ?? fallback);
  };
  const details = (key: string, context?: EvaluationContext): ClientEvaluationDetails => {
    const { fallback, accept } = specOf(key);
    const given = client()?.details(key, context, fallback as FlagValue) ?? unanswered(key, fallback as FlagValue);
    // What is served in doubt is the application's own and needs no proof.
    if (given.value === fallback) return given;
    const accepted = accept(given.value);
    if (accepted.ok) return { ...given, value: accepted.value as FlagValue };
    const { variant: _, ...rest } = given;
    return {
      ...rest,
      value: fallback as FlagValue,
      reason: 'ERROR',
      errorCode: 'TYPE_MISMATCH',
      errorMessage: accepted.message,
    };
  };
  const value = (key: string, context?: EvaluationContext): unknown => {
    const { fallback, accept } = specOf(key);
    const given: unknown = client()?.value(key, context, fallback as FlagValue) ?? fallback;
    if (given === fallback) return given;
    const accepted = accept(given);
    return accepted.ok ? accepted.value : fallback;
  };
  const checks = Object.create(null) as Record<string, (context?: EvaluationContext) => boolean>;
  for (const key of keys) {
    if (typeof specOf(key).fallback === 'boolean') checks[key] = (context) => isEnabled(key, context);
  }
  return { isEnabled, value, details, checks } as unknown as TypedFlags<Specs>;
}

/** While there is no client yet. */
function unanswered(flagKey: string, value: FlagValue): ClientEvaluationDetails {
  return { flagKey, value, reason: 'ERROR', errorCode: 'PROVIDER_NOT_READY', revision: null, freshness: 'never' };
}

const NOT_DEFINED: FlagSpec<undefined> = {
  fallback: undefined,
  accept: () => ({ ok: false, message: 'the application has not defined this flag' }),
};
