// Holds the built packages to the published vectors. Runs unchanged everywhere: no global beyond the language.
import { decodeDocument } from '@clarity/flags-core/document';
import { bucket, createEvaluator, murmur3 } from '@clarity/flags-core/evaluation';

/**
 * How many vectors were tried, and what was found where it is not what they expect. Takes the texts of the three files.
 */
export function vectorFailures(texts) {
  const { hashes, buckets } = JSON.parse(texts.murmur3);
  const { groups } = JSON.parse(texts.evaluation);
  const { documents } = JSON.parse(texts.documents);
  const failures = [];
  let tried = 0;
  const compare = (found, expected, ...what) => {
    tried += 1;
    const [one, other] = [found, expected].map((value) => JSON.stringify(value, sorted));
    if (one !== other) failures.push(`${JSON.stringify(what)}: found ${one}, expected ${other}`);
  };
  for (const { text, seed, hash } of hashes) compare(murmur3(text, seed), hash, 'murmur3', text, seed);
  for (const { salt, unit, of, bucket: expected } of buckets)
    compare(bucket(salt, unit, of), expected, 'bucket', salt, unit, of);
  for (const { name, document, cases } of groups) {
    const decoded = decodeDocument(JSON.stringify(document));
    for (const { flag, context, fallback, now = '2026-01-01T00:00:00Z', expect } of cases) {
      const evaluator = createEvaluator(decoded.document, { now: () => Date.parse(now) });
      const { flagKey, errorMessage, flagMetadata, contextProblems, experiment, ...details } = evaluator.details(
        flag,
        context,
        fallback,
      );
      // Of what could not be used, and of who takes no part, each language speaks in words of its own.
      const problems = contextProblems?.map(({ code, attribute }) => ({ code, attribute }));
      const { message, ...part } = experiment ?? {};
      const found = {
        ...details,
        ...(experiment && { experiment: part }),
        ...(problems && { contextProblems: problems }),
      };
      compare(found, expect, name, flag, context);
    }
  }
  for (const { name, text, limits, expect } of documents) {
    const result = decodeDocument(text, limits);
    const found = result.ok
      ? {
          ok: true,
          flags: Object.keys(result.document.flags),
          setAside: result.setAside.map(({ flagKey, problem }) => ({ flagKey, path: problem.path })),
        }
      : { ok: false, kind: result.kind, paths: result.problems.map(({ path }) => path) };
    compare(found, expect, name);
  }
  return { tried, failures };
}

function sorted(_key, value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
