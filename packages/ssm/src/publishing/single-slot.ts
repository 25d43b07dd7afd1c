import { textHash } from '@clarity/flags-core/adapter-kit';
import { StoreError } from '@clarity/flags-core/ports';
import type { SsmCalls } from '../ssm-calls.ts';
import type { DocumentSlot } from './document-slot.ts';
import { historyOf } from './parameter-history.ts';
import { type SlotOptions, tierLimit } from './slot-options.ts';

/** The document has no room for what it replaced, so the parameter's description says it. */
const REPLACES = 'Clarity Flags: replaces ';
const RESTORED = 'Clarity Flags: restored';

/** The parameter holds the document itself. */
export function singleSlot(calls: SsmCalls, parameter: string, { type, keyId, tier }: SlotOptions): DocumentSlot {
  return {
    parameter,
    type,
    keyId,
    tier,
    async prepare(text, { held, base }, signal) {
      const bytes = new TextEncoder().encode(text).length;
      const limit = tierLimit(tier);
      const advancedHolds = bytes <= tierLimit('Advanced');
      if (bytes > limit && !(held !== undefined && advancedHolds && (await isAdvanced(calls, parameter, signal)))) {
        const remedy =
          tier === 'Standard' && advancedHolds ? 'use tier "advanced", or layout "chunked"' : 'use layout "chunked"';
        throw new StoreError(
          'too-large',
          `the document for ${parameter} has ${bytes} bytes and a parameter of the ${tier.toLowerCase()} tier holds ${limit}; ${remedy}`,
        );
      }
      const hash = await textHash(text);
      const description = base === undefined ? RESTORED : REPLACES + base;
      return { revision: { hash }, id: idOf(hash), value: text, description, warnings: [] };
    },
    async read(stored) {
      const hash = await textHash(stored.value);
      return { revision: { hash }, id: idOf(hash), stored, unreadable: undefined };
    },
    // A hash has no order: any other hash is adopted.
    raise: ({ value, description }) => ({ value, description }),
    async readWrite({ version, value, description }) {
      const base = description.startsWith(REPLACES) ? description.slice(REPLACES.length) : undefined;
      return { version, id: idOf(await textHash(value)), base, value, description };
    },
  };
}

/** Only the history says in which tier a parameter is. */
async function isAdvanced(calls: SsmCalls, parameter: string, signal: AbortSignal): Promise<boolean> {
  return (await historyOf(calls, parameter, signal)).at(-1)?.tier === 'Advanced';
}

/** Long enough to tell the last hundred documents apart, short enough for people to read. */
function idOf(hash: string): string {
  return hash.slice(0, 16);
}
