/** The client over a driver: one that reads the sources, or one that has its flags from elsewhere. */
import { decodeDocument } from '../document/decode.ts';
import { type Decode, loadBootstrap } from '../drivers/readings.ts';
import type { DriverRunner } from '../drivers/running-driver.ts';
import type { FlagSource } from '../ports/source.ts';
import type { FlagClient } from './flag-client.ts';
import { InvalidOptionsError } from './options/option-reader.ts';
import type { FlagClientOptions } from './options/options.ts';
import { resolveOptions } from './options/resolve-options.ts';
import { StartedFlagClient } from './started-flag-client.ts';

/** @throws InvalidOptionsError when options, variables or the bootstrap document cannot be used */
export function startFlagClient(options: FlagClientOptions, runDriver: DriverRunner): FlagClient {
  const resolved = resolveOptions(options);
  const decode: Decode = (text) =>
    decodeDocument(text, { maxBytes: resolved.maxDocumentBytes, allowEmpty: resolved.allowEmpty });
  return new StartedFlagClient({
    options,
    resolved,
    decode,
    bootstrap: loadBootstrap(options.bootstrap, decode, (problems) => {
      throw new InvalidOptionsError(problems);
    }),
    runDriver,
  });
}

/** What a client takes whose driver has the flags from elsewhere: all but a source. */
export type DrivenClientOptions = Omit<FlagClientOptions, 'source'>;

/**
 * The same client as `createFlagClient` makes, over a driver of yours. `runDriver` is called once, before this returns,
 * and gives the driver; the client starts it, asks it, and stops it when it is closed.
 *
 * @throws InvalidOptionsError when an option or a variable cannot be used
 */
export function openFlagClient(runDriver: DriverRunner, options: DrivenClientOptions = {}): FlagClient {
  return startFlagClient({ ...options, source: UNREAD }, runDriver);
}

/** In the place of a source, which nobody reads. */
const UNREAD: FlagSource = {
  name: 'driver',
  read: () => Promise.reject(new Error('a driver that has its flags from elsewhere reads no source')),
  close: () => Promise.resolve(),
};
