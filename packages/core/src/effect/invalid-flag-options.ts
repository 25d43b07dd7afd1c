import * as Data from 'effect/Data';
import { InvalidOptionsError } from '../client/options/option-reader.ts';

/** Options or variables cannot be used. Holds no secret. */
export class InvalidFlagOptions extends Data.TaggedError('InvalidFlagOptions')<{
  readonly message: string;
  /** One sentence for each: name, what was found, what is allowed. */
  readonly problems: readonly string[];
}> {}

/** What was thrown at options, as an error that types know. */
export function invalidOptions(error: unknown): InvalidFlagOptions {
  const message = error instanceof Error ? error.message : String(error);
  return new InvalidFlagOptions({
    message,
    problems: error instanceof InvalidOptionsError ? error.problems : [message],
  });
}
