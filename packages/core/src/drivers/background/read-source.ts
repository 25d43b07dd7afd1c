import * as Effect from 'effect/Effect';
import type { ReadOutcome } from '../../refresh/protocol.ts';
import { type Decode, outcomeOfError, outcomeOfResult } from '../readings.ts';
import type { Revision } from '../../document/revision.ts';
import type { FlagSource } from '../../ports/source.ts';
import { Around } from './services.ts';

/** One attempt at one source, decoded. Interruption aborts its signal and waits for nothing. */
export function readSource(
  source: FlagSource,
  known: Revision | undefined,
  announced: Revision | undefined,
  decode: Decode,
): Effect.Effect<ReadOutcome> {
  return Effect.tryPromise({
    try: async (signal) => source.read(known, signal, announced),
    catch: (error) => outcomeOfError(error, source.name),
  }).pipe(
    Effect.flatMap((result) =>
      Around.use((around) =>
        around(
          'flags.decode',
          source.name,
          Effect.sync(() => outcomeOfResult(result, source.name, decode)),
        ),
      ),
    ),
    Effect.catch((outcome) => Effect.succeed(outcome)),
  );
}
