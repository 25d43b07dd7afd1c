import { describe, expect, it } from 'vitest';
import { decodeDocument } from '../../src/document/decode.ts';
import { message, paths, SMALL, withFlag } from './decoded.ts';

describe('references between flags and segments', () => {
  const waiting = (...flags: string[]): unknown => ({
    type: 'boolean',
    prerequisites: flags.map((flag) => ({ flag, variants: ['on'] })),
    fallthrough: 'on',
  });

  it('names the flags along a cycle of prerequisites', () => {
    expect(
      message({
        schemaVersion: 1,
        flags: { z: waiting('a'), a: waiting('b', 'd'), b: waiting('c'), c: waiting('a'), d: { status: 'enabled' } },
      }),
    ).toMatch(/^\$\.flags\.[abc]: found "(a > b > c > a|b > c > a > b|c > a > b > c)", allowed: no cycle$/);
    expect(message({ schemaVersion: 1, flags: { a: waiting('a') } })).toBe(
      '$.flags.a: found "a > a", allowed: no cycle',
    );
  });

  it('names the segments along a cycle', () => {
    expect(
      message({ ...SMALL, segments: { a: { when: { segment: 'b' } }, b: { when: { any: [{ segment: 'a' }] } } } }),
    ).toMatch(/found "(a > b > a|b > a > b)", allowed: no cycle/);
  });

  it('follows prerequisites to any depth', () => {
    const length = 20_000;
    const flags = Object.fromEntries(
      Array.from({ length }, (_, index) => [
        `f${index}`,
        index + 1 < length ? waiting(`f${index + 1}`) : { status: 'enabled' },
      ]),
    );
    expect(decodeDocument(JSON.stringify({ schemaVersion: 1, flags })).ok).toBe(true);
  });

  it('does not take flags that share prerequisites for a cycle', () => {
    const flags: Record<string, unknown> = { f0: { status: 'enabled' } };
    for (let index = 1; index < 200; index++) {
      flags[`f${index}`] = waiting(`f${index - 1}`, `f${Math.max(0, index - 2)}`);
    }
    expect(decodeDocument(JSON.stringify({ schemaVersion: 1, flags })).ok).toBe(true);
  });

  it.each(['s', 'f', 'x'])('limits how deeply segments contain segments: %s0', (prefix) => {
    const segments = (length: number): Record<string, unknown> =>
      Object.fromEntries(
        Array.from({ length }, (_, index) => [
          `${prefix}${index}`,
          index + 1 < length ? { when: { segment: `${prefix}${index + 1}` } } : {},
        ]),
      );
    const user = { type: 'boolean', rules: [{ when: { segment: `${prefix}0` }, serve: 'on' }], fallthrough: 'off' };
    expect(paths({ schemaVersion: 1, flags: { user }, segments: segments(32) })).toEqual([]);
    expect(paths({ schemaVersion: 1, flags: { user }, segments: segments(33) })).toEqual([`$.segments.${prefix}0`]);
  });

  it('refuses prerequisites on flags or variants that are not there', () => {
    expect(message({ schemaVersion: 1, flags: { a: waiting('nobody') } })).toBe(
      '$.flags.a.prerequisites[0].flag: found "nobody", allowed: the key of a flag in this document',
    );
    expect(
      message({
        schemaVersion: 1,
        flags: {
          a: { type: 'boolean', prerequisites: [{ flag: 'b', variants: ['on', 'blue'] }], fallthrough: 'on' },
          b: { status: 'enabled' },
        },
      }),
    ).toBe('$.flags.a.prerequisites[0]: found text of 4 characters, allowed: variants of b');
  });

  it('limits what the searches of a flag may cost, and far higher those of a document', () => {
    const rule = (value: string): unknown => ({ when: { attribute: 'a', op: 'contains', value }, serve: 'on' });
    const flag = (rules: unknown[]): unknown => withFlag({ type: 'boolean', rules, fallthrough: 'off' });
    expect(paths(flag(Array.from({ length: 49 }, () => rule('x'.repeat(1000)))))).toEqual([]);
    expect(paths(flag(Array.from({ length: 60 }, () => rule('x'.repeat(1000)))))).toEqual(['$.flags.checkout']);
    const many = (count: number): unknown => ({
      schemaVersion: 1,
      flags: Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `f${index}`,
          { type: 'boolean', rules: Array.from({ length: 50 }, () => rule('x'.repeat(1000))), fallthrough: 'off' },
        ]),
      ),
    });
    expect(paths(many(20))).toEqual([]);
    expect(paths(many(21))).toEqual(['$']);
  });
});
