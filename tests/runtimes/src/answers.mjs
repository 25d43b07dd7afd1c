// Evaluates a small document for many users, non-ASCII ones too, and says what its flags do. Runs unchanged
// everywhere: no global beyond the language.
import { describe } from '@clarity/flags-changes';
import { decodeDocument } from '@clarity/flags-core/document';
import { createEvaluator } from '@clarity/flags-core/evaluation';

const text = JSON.stringify({
  schemaVersion: 1,
  flags: {
    on: { status: 'enabled' },
    off: { status: 'disabled' },
    beta: { status: 'beta', betaUsers: ['Zoë-3'] },
    quarter: { status: 'canary', rolloutPercentage: 25 },
    ramp: {
      type: 'boolean',
      rules: [{ when: { attribute: 'country', op: 'in', value: ['CH', 'AT'] }, serve: 'on' }],
      fallthrough: {
        kind: 'ramp',
        variant: 'on',
        otherwise: 'off',
        curve: 'linear',
        points: [
          { at: '2026-12-01T00:00:00Z', percentage: 0 },
          { at: '2026-12-08T00:00:00Z', percentage: 100 },
        ],
      },
    },
  },
});

/** For each flag the numbers of the users, of 400, for whom it is on; and what flags do on 4 December, in words. */
export function answers() {
  const result = decodeDocument(text);
  if (!result.ok) return { refused: result.problems };
  const evaluator = createEvaluator(result.document);
  const users = Array.from(
    { length: 400 },
    (_, index) => `${['user', 'Zoë', '用户', '👩‍⚕️'][index % 4]}-${Math.floor(index / 4)}`,
  );
  const on = Object.fromEntries(
    ['on', 'off', 'beta', 'quarter', 'unknown'].map((key) => [
      key,
      users.flatMap((targetingKey, index) => (evaluator.isEnabled(key, { targetingKey }, false) ? [index] : [])),
    ]),
  );
  const atMs = Date.parse('2026-12-04T12:00:00Z');
  return { ...on, words: Object.values(result.document.flags).map((flag) => describe(flag, atMs)) };
}
