import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeDocument, type DecodeLimits } from '../../src/document/decode.ts';
import type { FlagDocument, FlagValue } from '../../src/document/types.ts';
import { bucket } from '../../src/evaluation/bucket.ts';
import { createEvaluator } from '../../src/evaluation/evaluator.ts';
import { murmur3 } from '../../src/evaluation/murmur3.ts';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), 'utf8'));

interface Hashes {
  readonly hashes: readonly {
    readonly text: string;
    readonly seed: number;
    readonly hash: number;
    readonly utf8: string;
  }[];
  readonly buckets: readonly {
    readonly salt: string;
    readonly unit: string;
    readonly of?: number;
    readonly bucket: number;
  }[];
}
interface Case {
  readonly flag: string;
  readonly context?: Record<string, unknown>;
  /** Null asks for a value of any type. */
  readonly fallback: FlagValue | null;
  readonly now?: string;
  readonly expect: Record<string, unknown>;
}
interface Evaluations {
  readonly groups: readonly { readonly name: string; readonly document: unknown; readonly cases: readonly Case[] }[];
}
interface Documents {
  readonly documents: readonly {
    readonly name: string;
    readonly text: string;
    readonly limits?: DecodeLimits;
    readonly expect: Record<string, unknown>;
  }[];
}

describe('the published vectors', () => {
  it('hold for murmur3 and buckets', () => {
    const { hashes, buckets } = read('murmur3') as Hashes;
    expect(hashes.length).toBeGreaterThan(50);
    for (const { text, seed, hash, utf8 } of hashes) {
      expect(murmur3(text, seed), JSON.stringify({ text, seed })).toBe(hash);
      expect(Buffer.from(text).toString('hex')).toBe(utf8);
    }
    for (const { salt, unit, of, bucket: expected } of buckets)
      expect(bucket(salt, unit, of), JSON.stringify({ salt, unit, of })).toBe(expected);
  });

  it.each((read('evaluation') as Evaluations).groups)('hold for evaluation: $name', ({ document, cases }) => {
    const decoded = decodeDocument(JSON.stringify(document)) as { readonly document: FlagDocument };
    for (const { flag, context, fallback, now = '2026-01-01T00:00:00Z', expect: expected } of cases) {
      const evaluator = createEvaluator(decoded.document, { now: () => Date.parse(now) });
      const { flagKey, errorMessage, flagMetadata, contextProblems, experiment, ...details } = evaluator.details(
        flag,
        context,
        fallback,
      );
      // Sentences are each implementation's own.
      const problems = contextProblems?.map(({ code, attribute }) => ({ code, attribute }));
      const { message, ...part } = experiment ?? {};
      expect(
        { ...details, ...(experiment && { experiment: part }), ...(problems && { contextProblems: problems }) },
        JSON.stringify({ flag, context, fallback, now }),
      ).toEqual(expected);
    }
  });

  it.each((read('documents') as Documents).documents)(
    'hold for documents: $name',
    ({ text, limits, expect: expected }) => {
      const result = decodeDocument(text, limits);
      expect(
        result.ok
          ? {
              ok: true,
              flags: Object.keys(result.document.flags),
              setAside: result.setAside.map(({ flagKey, problem }) => ({ flagKey, path: problem.path })),
            }
          : { ok: false, kind: result.kind, paths: result.problems.map(({ path }) => path) },
      ).toEqual(expected);
    },
  );
});
