import { decodeDocument, type DecodeResult } from '../../src/document/decode.ts';
import { createEvaluator } from '../../src/evaluation/evaluator.ts';
import { randomDocument } from '../document/random-document.ts';
import { type Random, seededRandom } from '../document/random.ts';
import { randomContext } from './hostile.ts';

const FALLBACKS = [true, false, 'fallback', 7, {}, []] as const;
const NOW_MS = Date.parse('2026-07-01T00:00:00Z');

/**
 * Asks random documents about random contexts, `pairs` times, and throws what evaluation throws or where its faces disagree. The error names the seed of
 * the pair. `draw` makes the text of a document, and `decode` reads it; a text that is refused may be none of `draw`'s.
 */
export function fuzz(
  firstSeed: number,
  pairs: number,
  draw: (random: Random) => string = (random) => JSON.stringify(randomDocument(random)),
  decode: (text: string) => DecodeResult = decodeDocument,
): void {
  for (let seed = firstSeed; seed < firstSeed + pairs;) {
    const random = seededRandom(seed);
    const text = draw(random);
    const result = decode(text);
    if (!result.ok)
      throw new Error(
        `SEED=${seed}: refused ${text} for ${result.problems.map((problem) => problem.message).join('\n')}`,
      );
    const evaluator = createEvaluator(result.document, { now: () => NOW_MS });
    const keys = [...Object.keys(result.document.flags), 'unknown'];
    // A document for several contexts, because making documents costs more than asking them.
    for (let contexts = 0; contexts < 10; contexts++, seed++) {
      const context = randomContext(random);
      const key = random.pick(keys);
      const fallback = random.pick(FALLBACKS);
      try {
        const details = evaluator.details(key, context, fallback);
        const value = evaluator.value(key, context, fallback);
        const enabled = evaluator.isEnabled(key, context, fallback === true);
        if (!Object.is(value, details.value))
          throw new Error(`value ${String(value)}, details ${String(details.value)}`);
        if (typeof value !== typeof fallback) throw new Error(`a ${typeof value} for a ${typeof fallback}`);
        if (typeof fallback === 'boolean' && enabled !== value)
          throw new Error(`isEnabled ${enabled}, value ${String(value)}`);
        if (details.bucket !== undefined && !(details.bucket >= 0 && details.bucket < 100_000))
          throw new Error(`bucket ${details.bucket}`);
        if (contexts === 0) {
          const all = evaluator.all(context, { clientVisibleOnly: random.chance(0.5) });
          if (key in all && !Object.is(evaluator.value(key, context, all[key]!), all[key]))
            throw new Error(`all disagrees about ${key}`);
        }
      } catch (error) {
        throw new Error(`SEED=${seed} flag ${key} of ${text}`, { cause: error });
      }
    }
  }
}
