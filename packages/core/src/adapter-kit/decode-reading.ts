import type { Decoded, DecodeResult } from '../document/decode.ts';
import type { FlagDocument, Problem, SetAside } from '../document/types.ts';
import type { ReadDocument } from '../ports/source.ts';

/** As many as the decoder tells of one document. */
const MOST_TOLD = 20;

/**
 * What the text that a source gave comes to. Where the store has an entry for each flag, those that are wrong are set
 * aside, also those that hold the gravest mistakes, and a refusal means that nothing is left.
 */
export function decodeReading(
  reading: Pick<ReadDocument, 'text' | 'perFlag'>,
  decode: (text: string) => DecodeResult,
): DecodeResult {
  const decoded = decode(reading.text);
  const unreadable = unreadableOf(reading);
  if (unreadable === undefined) return decoded;
  const left = decoded.ok ? decoded : decoded.rest;
  if (left !== undefined) return withTheirProblems(left, unreadable);
  if (decoded.ok || unreadable.length === 0) return decoded;
  return { ...decoded, problems: unreadable.slice(0, MOST_TOLD).map(({ problem }) => problem) };
}

/** What is not as it should be is passed over (F50). */
function unreadableOf({ perFlag }: Pick<ReadDocument, 'perFlag'>): readonly SetAside[] | undefined {
  if (typeof perFlag !== 'object' || perFlag === null) return undefined;
  const { unreadable } = perFlag as { readonly unreadable: unknown };
  return Array.isArray(unreadable) ? unreadable.filter(isSetAside) : [];
}

function isSetAside(entry: unknown): entry is SetAside {
  const { flagKey, problem } = Object(entry) as Partial<Record<keyof SetAside, unknown>>;
  return typeof flagKey === 'string' && typeof (Object(problem) as Partial<Problem>).message === 'string';
}

/** The source knows why they are no flags; the decoder saw a stand-in. */
function withTheirProblems(decoded: Decoded, unreadable: readonly SetAside[]): Decoded {
  if (unreadable.length === 0) return decoded;
  const keys = new Set(unreadable.map(({ flagKey }) => flagKey));
  const setAside = [...decoded.setAside.filter(({ flagKey }) => !keys.has(flagKey)), ...unreadable];
  const document: FlagDocument = { ...decoded.document, setAside };
  return { ok: true, document, setAside };
}
