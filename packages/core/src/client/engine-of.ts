import type { RunningEngine } from '../engine/running-engine.ts';
import type { FlagClient } from './flag-client.ts';

/** By this key a client shows its engine to the other entries of this package, also where an application holds two copies. */
export const ENGINE: unique symbol = Symbol.for('@clarity/flags-core/engine') as never;

/**
 * The engine of a client.
 *
 * @throws TypeError when the client is none of ours
 */
export function engineOf(client: FlagClient): RunningEngine {
  const engine = (client as { readonly [ENGINE]?: RunningEngine })[ENGINE];
  if (engine === undefined)
    throw new TypeError('found a client without an engine; allowed is one that createFlagClient made');
  return engine;
}
