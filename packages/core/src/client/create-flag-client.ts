import { runDriver } from '../drivers/background/run-driver.ts';
import type { FlagClient } from './flag-client.ts';
import type { FlagClientOptions } from './options/options.ts';
import { startFlagClient } from './start-flag-client.ts';

/**
 * A running client: it begins to read at once and answers from the first moment on, with fallbacks until there are
 * flags. Await `ready()` where the first answers matter.
 *
 * It holds no timer that keeps the process alive. Close it all the same: a source may hold a connection.
 *
 * @throws InvalidOptionsError when options, variables or the bootstrap document cannot be used
 * @throws Error where the runtime sets no timers, as workerd at module scope, or is older than Node 20
 */
export function createFlagClient(options: FlagClientOptions): FlagClient {
  demandNewLanguage();
  demandTimers();
  return startFlagClient(options, runDriver);
}

/**
 * Without what came to the language with Node 20 flags could not be compiled: fallbacks for ever, and in good health.
 */
function demandNewLanguage(): void {
  if (typeof Array.prototype.toReversed === 'function') return;
  throw new Error('createFlagClient needs Node 20.19 or later, or a runtime as new');
}

/** Without timers it would read nothing, for ever, and say nothing. */
function demandTimers(): void {
  try {
    clearTimeout(setTimeout(() => {}, 0));
  } catch (cause) {
    throw new Error(
      'createFlagClient needs timers, which this runtime does not set here. Use createEdgeFlagClient of @clarity/flags-core/edge, which may be made at module scope and looks for changes within requests.',
      { cause },
    );
  }
}
