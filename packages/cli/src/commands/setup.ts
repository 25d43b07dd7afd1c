import type { FlagStore, StoreRights } from '@clarity/flags-core/ports';
import { EXIT, type Outcome } from '../outcome.ts';
import type { Call } from '../verb.ts';
import { type Within, withStore } from '../with-store.ts';

export interface SetupOptions extends StoreRights {
  readonly print?: boolean;
}

/** Prepares a store for its first publication, or prints what would be done. */
export async function performSetup(call: Call<SetupOptions>): Promise<Outcome> {
  const [address = ''] = call.words;
  return withStore(call, address, (store, within) => setUp(store, call, within));
}

async function setUp({ source, setup }: FlagStore, { options }: Call<SetupOptions>, within: Within): Promise<Outcome> {
  const { print = false, reader, writer } = options;
  const rights = { ...(reader !== undefined && { reader }), ...(writer !== undefined && { writer }) };
  if (setup === undefined) {
    const lines = [{ text: `${source.name} needs no setup: publish to it`, tone: 'good' as const }];
    return { code: EXIT.ok, value: { setUp: false, needed: false }, lines };
  }
  if (print) {
    const statements = setup.statements(rights);
    return { code: EXIT.ok, value: { statements }, lines: [], raw: statements };
  }
  await within((signal) => setup.run(rights, signal));
  const granted = Object.entries(rights).map(([kind, role]) => `${role} may ${kind === 'reader' ? 'read' : 'publish'}`);
  return {
    code: EXIT.ok,
    value: { setUp: true, needed: true, ...rights },
    lines: [{ text: [`${source.name} is set up`, ...granted].join('; '), tone: 'good' }],
  };
}
