import * as Config from 'effect/Config';
import * as Option from 'effect/Option';
import { type Variable, VARIABLES } from '../client/options/variables.ts';

/** Variables of a client that are set, by name. */
export type FlagVariables = Readonly<Partial<Record<Variable, string>>>;

/**
 * Every variable of a client, from the `ConfigProvider` instead of the process: those that are set, as the option
 * `variables` takes them. Their names are those of the table of options (`FEATURE_FLAG_REFRESH_INTERVAL`, in seconds,
 * and so on). The client reads what they say, as it does with variables of the process: what is bad is
 * `InvalidFlagOptions`, with a sentence for each that names variable, value and what is allowed.
 */
export const FlagsConfig: Config.Config<FlagVariables> = Config.map(
  Config.all(VARIABLES.map((name) => Config.map(Config.option(Config.String(name)), (text) => [name, text] as const))),
  (texts) =>
    Object.fromEntries(
      texts.flatMap(([name, text]) => (Option.isSome(text) ? [[name, text.value] as const] : [])),
    ) as FlagVariables,
);
