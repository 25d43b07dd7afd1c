import { describe, expect, it } from 'vitest';
import { createEvaluator, type Evaluator } from '../../src/evaluation/evaluator.ts';

/** Of a document that nobody has decoded. */
function evaluatorOf(flags: unknown, segments: unknown = {}): Evaluator {
  return createEvaluator({ schemaVersion: 1, flags, segments } as never, { now: () => 0 });
}

const rule = (when: unknown) => ({ type: 'boolean', rules: [{ when, serve: 'on' }], fallthrough: 'off' });

describe('an evaluator of a document that nobody has decoded', () => {
  it.each<[string, unknown]>([
    ['a variant that is not there', { type: 'boolean', fallthrough: 'third' }],
    ['no fallthrough', { type: 'boolean' }],
    ['a variant that is null', { type: 'string', variants: { a: null }, fallthrough: 'a' }],
    [
      'weights of nothing',
      { type: 'boolean', fallthrough: { kind: 'split', variants: [{ variant: 'on', weight: 0 }] } },
    ],
    ['a split of nothing', { type: 'boolean', fallthrough: { kind: 'split', variants: [] } }],
    ['a day that is not there', { status: 'enabled', schedule: { onAt: '2026-02-30T00:00:00Z' } }],
    ['an empty network', rule({ attribute: 'ip', op: 'inNetwork', value: '' })],
    ['nothing to compare with', rule({ attribute: 'a', op: 'equals' })],
    ['a pattern of many steps', rule({ attribute: 'a', op: 'matches', value: '((a{99}){99}){99}' })],
    ['a segment that is not there', rule({ not: { segment: 'nowhere' } })],
    ['a segment of a prototype', rule({ not: { segment: 'constructor' } })],
    ['a segment in a circle', rule({ not: { segment: 'one' } })],
    ['a segment that is no segment', rule({ not: { segment: 'text' } })],
  ])('serves the fallback for %s', (_, flag) => {
    const evaluator = evaluatorOf(
      { flag, sound: rule({ segment: 'fine' }) },
      { one: { when: { segment: 'two' } }, two: { when: { segment: 'one' } }, text: 'text', fine: { include: ['u'] } },
    );
    for (const fallback of [true, false]) {
      expect(evaluator.details('flag', { ip: '10.0.0.1' }, fallback)).toMatchObject({
        value: fallback,
        reason: 'ERROR',
        errorCode: 'PARSE_ERROR',
      });
    }
    expect(evaluator.isEnabled('sound', { userId: 'u' }, false)).toBe(true);
  });

  it('serves the fallback for a prerequisite that is not an object', () => {
    const evaluator = evaluatorOf({ flag: { type: 'boolean', prerequisites: [null], fallthrough: 'on' } });
    expect(evaluator.details('flag', {}, false)).toMatchObject({ value: false, reason: 'ERROR' });
  });
});
