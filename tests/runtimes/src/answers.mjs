// Evaluates a small document for many users, non-ASCII ones too. Runs unchanged everywhere: no global beyond the
// language.
import { decodeDocument } from '@clarity/flags-core/document';
import { createEvaluator } from '@clarity/flags-core/evaluation';

const text = JSON.stringify({
  schemaVersion: 1,
  flags: {
    on: { status: 'enabled' },
    off: { status: 'disabled' },
    beta: { status: 'beta', betaUsers: ['Zoë-3'] },
    quarter: { status: 'canary', rolloutPercentage: 25 },
  },
});

/** For each flag the numbers of the users, of 400, for whom it is on. */
export function answers() {
  const result = decodeDocument(text);
  if (!result.ok) return { refused: result.problems };
  const evaluator = createEvaluator(result.document);
  const users = Array.from(
    { length: 400 },
    (_, index) => `${['user', 'Zoë', '用户', '👩‍⚕️'][index % 4]}-${Math.floor(index / 4)}`,
  );
  return Object.fromEntries(
    ['on', 'off', 'beta', 'quarter', 'unknown'].map((key) => [
      key,
      users.flatMap((targetingKey, index) => (evaluator.isEnabled(key, { targetingKey }, false) ? [index] : [])),
    ]),
  );
}
