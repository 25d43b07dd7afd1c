import { describe, expect, it } from 'vitest';
import { decodeDocument } from '../../src/document/decode.ts';
import type { OperatorName } from '../../src/document/types.ts';

const OPERANDS: Readonly<Record<OperatorName, unknown>> = {
  exists: undefined,
  equals: 'a',
  in: ['a'],
  contains: 'a',
  startsWith: 'a',
  endsWith: 'a',
  matches: 'a',
  lessThan: 1,
  atMost: 1,
  greaterThan: 1,
  atLeast: 1,
  before: '2026-01-01T00:00:00Z',
  after: '2026-01-01T00:00:00Z',
  semverEquals: '1.2.3',
  semverLessThan: '1.2.3',
  semverAtMost: '1.2.3',
  semverGreaterThan: '1.2.3',
  semverAtLeast: '1.2.3',
  inNetwork: '10.0.0.0/8',
};
const SIX = new Set(['equals', 'in', 'contains', 'startsWith', 'endsWith', 'matches']);

describe('ignoreCase', () => {
  it.each(Object.entries(OPERANDS))(
    'F66 is for six operators, and sets a flag aside with any other: %s',
    (op, value) => {
      const when = { attribute: 'a', op, ...(value !== undefined && { value }), ignoreCase: true };
      const result = decodeDocument(
        JSON.stringify({
          schemaVersion: 1,
          flags: {
            odd: { type: 'boolean', rules: [{ when, serve: 'on' }], fallthrough: 'off' },
            sound: { status: 'enabled' },
          },
        }),
      );
      if (!result.ok) throw new Error(result.problems[0]!.message);
      expect(result.setAside.map(({ problem }) => problem.message)).toEqual(
        SIX.has(op)
          ? []
          : [
              '$.flags.odd.rules[0].when.ignoreCase: found true, allowed: ignoreCase with equals, in, contains, startsWith, endsWith, matches and no other',
            ],
      );
    },
  );
});
