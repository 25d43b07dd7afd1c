import * as Effect from 'effect/Effect';
import type { Logger } from '../client/events/logger.ts';
import { runnerIn } from '../drivers/background/boundary.ts';

const LEVELS = { debug: 'Debug', info: 'Info', warn: 'Warn', error: 'Error' } as const;

/**
 * Lines of a client by the loggers of the context that this is made in: their level, and what varies as annotations.
 */
export const effectLogger: Effect.Effect<Logger> = Effect.map(Effect.context(), (context) => {
  const { now } = runnerIn(context);
  return {
    log: ({ level, message, fields }) =>
      now(Effect.logWithLevel(LEVELS[level])(message).pipe(Effect.annotateLogs({ ...fields, module: MODULE }))),
  };
});

/** By which lines of a client are known among those of an application. */
const MODULE = 'clarity-flags';
