import { isDeepStrictEqual } from 'node:util';
import { decodeDocument } from '../../src/document/decode.ts';
import type { ClientEvaluationDetails } from '../../src/client/answers/flag-evaluations.ts';
import type { FlagDocument, FlagValue } from '../../src/document/types.ts';
import { fits } from '../../src/document/value-form.ts';
import { createEdgeFlagClient } from '../../src/edge/edge-flag-client.ts';
import type { EvaluationContext } from '../../src/evaluation/context.ts';
import type { EvaluationDetails } from '../../src/evaluation/details.ts';
import { createEvaluator } from '../../src/evaluation/evaluator.ts';
import { explain } from '../../src/evaluation/explain.ts';
import { type Random, seededRandom } from '../document/random.ts';
import { disagreements } from './agreement.ts';
import { drawDocument } from './hostile-documents.ts';
import { randomContext } from './hostile.ts';
import { metered } from './meter.ts';
import { pathological } from './pathological.ts';
import { MAX_WORK } from '../../src/evaluation/work.ts';

const FALLBACKS = [true, false, 'fallback', 7, {}, [], null] as const;
const NOW_MS = Date.parse('2026-07-01T00:00:00Z');

/** What answers questions about the flags of one document. */
export interface Face {
  isEnabled(key: string, context: EvaluationContext | undefined, fallback: boolean): boolean;
  value(key: string, context: EvaluationContext | undefined, fallback: FlagValue | null): FlagValue | null;
  details(
    key: string,
    context: EvaluationContext | undefined,
    fallback: FlagValue | null,
  ): EvaluationDetails<FlagValue | null>;
  all(
    context: EvaluationContext | undefined,
    options?: { readonly clientVisibleOnly?: boolean },
  ): Readonly<Record<string, FlagValue>>;
  allDetails(
    context: EvaluationContext | undefined,
    options?: { readonly clientVisibleOnly?: boolean },
  ): Readonly<Record<string, EvaluationDetails<FlagValue | null>>>;
}

/**
 * What is asked about a document: the first face has the keys, and all must answer alike, and so must explanations of
 * the document, where there is one. Undefined for a text that is refused by all.
 */
export type Open = (text: string) => Opened | undefined;

interface Opened {
  readonly keys: readonly string[];
  readonly faces: readonly Face[];
  readonly document?: FlagDocument;
}

const NOWHERE = {
  name: 'nowhere',
  read: () => Promise.reject(new Error('no store here')),
  close: () => Promise.resolve(),
};

/** A server's decoder and evaluator, and the client of the edge, which reads documents itself (F92). */
const openBoth: Open = (text) => {
  const decoded = decodeDocument(text);
  let edge: Face;
  try {
    edge = createEdgeFlagClient({ source: NOWHERE, bootstrap: text });
  } catch (error) {
    if (decoded.ok) throw new Error('the edge refuses what a server reads', { cause: error });
    return undefined;
  }
  if (!decoded.ok) throw new Error(`the edge reads what a server refuses for ${decoded.problems[0]!.message}`);
  const { document } = decoded;
  return { keys: Object.keys(document.flags), faces: [createEvaluator(document), edge], document };
};

/** An evaluator of a document that nobody has decoded. */
export const openUndecoded: Open = (text) => {
  const document = JSON.parse(text) as { flags: object; segments: object; layers?: object; holdouts?: object };
  const { flags, segments, layers = {}, holdouts = {} } = document;
  for (const table of [flags, segments, layers, holdouts]) Object.setPrototypeOf(table, null);
  return { keys: Object.keys(document.flags), faces: [createEvaluator(document as never)] };
};

/**
 * Asks random documents about random contexts, `pairs` times, and throws what evaluation throws or where its faces
 * disagree. The error names the seed of the pair. `draw` makes the text of a document. Gives how many pairs were of a
 * document that was refused, and so answered nothing.
 */
export function fuzz(
  firstSeed: number,
  pairs: number,
  draw: (random: Random) => string = drawDocument,
  open: Open = openBoth,
): { readonly refused: number } {
  let refused = 0;
  const clock = Date.now;
  // Two clients are asked one after the other, and neither takes a clock.
  Date.now = () => NOW_MS;
  try {
    for (let seed = firstSeed; seed < firstSeed + pairs; seed += 10) {
      const random = seededRandom(seed);
      const text = draw(random);
      try {
        // A document for several contexts, because making documents costs more than asking them.
        if (!askAbout(text, random, open)) refused += 10;
      } catch (error) {
        throw new Error(`SEED=${seed}: ${text}`, { cause: error });
      }
    }
  } finally {
    Date.now = clock;
  }
  return { refused };
}

function askAbout(text: string, random: Random, open: Open): boolean {
  const opened = open(text);
  if (opened === undefined) return false;
  const keys = [...opened.keys, 'unknown'];
  const [first, ...others] = opened.faces as readonly [Face, ...Face[]];
  const { document } = opened;
  for (let contexts = 0; contexts < 10; contexts++) {
    const context = randomContext(random);
    const key = random.pick(keys);
    const fallback = random.pick(FALLBACKS);
    try {
      const details = contradictNothing(first, key, context, fallback);
      for (const other of others) {
        const {
          revision: _,
          freshness: __,
          ...answer
        } = contradictNothing(other, key, context, fallback) as ClientEvaluationDetails<FlagValue | null>;
        if (!isDeepStrictEqual(answer, details))
          throw new Error(`${JSON.stringify(answer)} and ${JSON.stringify(details)}`);
      }
      if (document !== undefined && key !== 'unknown' && contexts < 3) {
        const explanation = explain(document, key, context, { fallback: fallback ?? false });
        const sentences = disagreements(document, explanation);
        if (sentences.length > 0) throw new Error(`${sentences.join('; ')} in ${JSON.stringify(explanation)}`);
        if (fallback !== null && !isDeepStrictEqual(explanation.details, details))
          throw new Error(`explain has other details: ${JSON.stringify(explanation.details)}`);
      }
      if (contexts > 0) continue;
      const options = { clientVisibleOnly: random.chance(0.5) };
      const all = first.all(context, options);
      if (key in all && !Object.is(first.value(key, context, all[key]!), all[key]))
        throw new Error(`all disagrees about ${key}`);
      const allDetails = first.allDetails(context, options);
      for (const [one, { value }] of Object.entries(allDetails)) {
        if (!Object.is(value ?? undefined, all[one])) throw new Error(`all and its details disagree about ${one}`);
        if (!isDeepStrictEqual(allDetails[one], first.details(one, context, null)))
          throw new Error(`details of all and of one disagree about ${one}`);
      }
      for (const other of others) {
        if (!isDeepStrictEqual(other.all(context, options), all)) throw new Error('two faces give other flags');
        for (const [one, given] of Object.entries(other.allDetails(context, options))) {
          const { revision: _, freshness: __, ...answer } = given as ClientEvaluationDetails<FlagValue | null>;
          if (!isDeepStrictEqual(answer, allDetails[one])) throw new Error(`two faces give other details of ${one}`);
        }
      }
    } catch (error) {
      throw new Error(`flag ${key} in context ${contexts}`, { cause: error });
    }
  }
  return true;
}

/**
 * Documents and contexts that multiply each other's cost, `count` of them: both faces stay within the bound, and answer
 * alike.
 */
export function fuzzWork(firstSeed: number, count: number): void {
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const { kind, text, context } = pathological(seededRandom(seed));
    const opened = openBoth(text);
    if (opened === undefined) throw new Error(`SEED=${seed} ${kind}: refused`);
    // What is not counted is in proportion to the document.
    const most = MAX_WORK + text.length / 8;
    const answers = opened.faces.map((face) => {
      // Compiled before: that is done once for each document.
      face.isEnabled('flag', {}, false);
      const units = metered(() => face.isEnabled('flag', context, false));
      if (units > most) throw new Error(`SEED=${seed} ${kind}: ${units} units of work, at most ${most}`);
      let details: EvaluationDetails<FlagValue | null> | undefined;
      const described = metered(() => {
        details = face.details('flag', context, false);
      });
      if (described > 2 * most) throw new Error(`SEED=${seed} ${kind}: details took ${described}, at most ${2 * most}`);
      const { revision: _, freshness: __, ...answer } = details as ClientEvaluationDetails<FlagValue | null>;
      return answer;
    });
    if (!isDeepStrictEqual(answers[0], answers[1])) throw new Error(`SEED=${seed} ${kind}: two answers`);
  }
}

/** The details of an answer, which `value` and `isEnabled` must give, too. */
function contradictNothing(
  face: Face,
  key: string,
  context: EvaluationContext | undefined,
  fallback: FlagValue | null,
): EvaluationDetails<FlagValue | null> {
  const details = face.details(key, context, fallback);
  const value = face.value(key, context, fallback);
  const enabled = face.isEnabled(key, context, fallback === true);
  if (!isDeepStrictEqual(value, details.value))
    throw new Error(`value ${JSON.stringify(value)}, details ${JSON.stringify(details)}`);
  if (!fits(value, fallback)) throw new Error(`${JSON.stringify(value)} for ${JSON.stringify(fallback)}`);
  if (typeof fallback === 'boolean' && enabled !== value)
    throw new Error(`isEnabled ${enabled}, value ${JSON.stringify(value)}`);
  const { bucket, buckets = 100_000 } = details;
  if (bucket !== undefined && !(bucket >= 0 && bucket < buckets)) throw new Error(`bucket ${bucket} of ${buckets}`);
  return details;
}
