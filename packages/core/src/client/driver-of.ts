import type { RunningDriver } from '../drivers/running-driver.ts';
import type { FlagClient } from './flag-client.ts';

/**
 * By this key a client shows its driver to the other entries of this package, also where an application holds two
 * copies.
 */
export const DRIVER: unique symbol = Symbol.for('@clarity/flags-core/driver') as never;

/**
 * The driver of a client.
 *
 * @throws TypeError when the client was not made by `createFlagClient`
 */
export function driverOf(client: FlagClient): RunningDriver {
  const driver = (client as { readonly [DRIVER]?: RunningDriver })[DRIVER];
  if (driver === undefined)
    throw new TypeError('found a client without a driver; allowed is one that createFlagClient made');
  return driver;
}
