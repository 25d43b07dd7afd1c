import * as Redacted from 'effect/Redacted';

/** Options as plain code takes them: with secrets in the open, and without what is undefined. */
export type Revealed<Options> = { readonly [Name in keyof Options]: Plain<Exclude<Options[Name], undefined>> };

type Plain<Value> = Value extends Redacted.Redacted<infer Secret> ? Secret : Value;

/** What `Config` gave, as the options of a store. */
export function revealed<Options extends object>(options: Options): Revealed<Options> {
  const entries = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, Redacted.isRedacted(value) ? Redacted.value(value) : (value as unknown)]);
  return Object.fromEntries(entries) as Revealed<Options>;
}
