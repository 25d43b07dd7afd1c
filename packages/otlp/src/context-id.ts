import { describeOption, targetingKeyOf } from '@clarity/flags-core/adapter-kit';
import type { EvaluationContext } from '@clarity/flags-core/ports';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';

/**
 * What of the targeting key goes into events: nothing (default), its hash under a key, or the targeting key itself. The
 * hash tells the same person from others, and nobody without the key can find out who it is by trying names.
 */
export type ContextIdOption = 'plain' | { readonly hashKey: string };

const SHORTEST_KEY = 16;
/** In UTF-16 code units: a longer one is left out, for it names nobody. */
const LONGEST_PLAIN = 256;

const encoder = new TextEncoder();

/**
 * Reads the context's id. Undefined without a targeting key.
 *
 * @throws TypeError for an option that is neither, or a key of fewer than 16 characters
 */
export function contextIdReader(
  option: ContextIdOption | undefined,
): (context: EvaluationContext) => string | undefined {
  if (option === undefined) return () => undefined;
  if (option === 'plain') {
    return (context) => {
      const unit = targetingKeyOf(context);
      return unit !== undefined && unit.length <= LONGEST_PLAIN ? unit : undefined;
    };
  }
  const hashKey: unknown = typeof option === 'object' && option !== null ? option.hashKey : undefined;
  if (typeof hashKey !== 'string' || hashKey.length < SHORTEST_KEY) {
    // Without the value: it may be the key.
    const found = typeof hashKey === 'string' ? 'an object whose hashKey is too short' : describeOption(option);
    throw new TypeError(
      `contextId is ${found}; ` +
        `allowed is 'plain', or { hashKey } with a secret text of ${SHORTEST_KEY} characters or more, such as \`openssl rand -base64 24\` makes`,
    );
  }
  const keyed = hmac.create(sha256, encoder.encode(hashKey));
  // A request asks for several flags, and for one person.
  let last: { readonly unit: string; readonly id: string } | undefined;
  return (context) => {
    const unit = targetingKeyOf(context);
    if (unit === undefined) return undefined;
    if (last?.unit !== unit) last = { unit, id: half(keyed.clone().update(encoder.encode(unit)).digest()) };
    return last.id;
  };
}

/** 128 of the 256 bits, in hexadecimal: as many as a trace id has. */
function half(digest: Uint8Array): string {
  return Array.from(digest.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
