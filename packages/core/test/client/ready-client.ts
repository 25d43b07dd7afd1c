import { afterEach } from 'vitest';
import { createFlagClient } from '../../src/client/create-flag-client.ts';
import type { FlagClient } from '../../src/client/flag-client.ts';
import type { FlagClientOptions } from '../../src/client/options/options.ts';
import { counted, scriptedSource } from '../support/scripted-source.ts';

const TEXT = JSON.stringify({
  schemaVersion: 1,
  flags: {
    a: { status: 'beta', betaUsers: ['u1', 'u2', 'u3'] },
    shown: { status: 'enabled', clientVisible: true },
    theme: { type: 'string', variants: { light: 'light', dark: 'dark' }, fallthrough: 'dark' },
  },
});

const open: FlagClient[] = [];
afterEach(() => Promise.all(open.splice(0).map((client) => client.close())));

/** A client of the flags `a`, `shown` and `theme`, which is ready. Closed after the test. */
export async function client(options: Partial<FlagClientOptions> = {}): Promise<FlagClient> {
  const source = scriptedSource({ kind: 'holds', revision: counted(1), text: TEXT });
  const made = createFlagClient({ source, variables: false, logLevel: 'silent', ...options });
  open.push(made);
  await made.ready();
  return made;
}
