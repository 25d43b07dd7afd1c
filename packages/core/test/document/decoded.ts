import { expect } from 'vitest';
import { decodeDocument, type DecodeResult } from '../../src/document/decode.ts';
import type { FlagDocument } from '../../src/document/types.ts';

export const SMALL = { schemaVersion: 1, flags: { checkout: { status: 'enabled' } } };

export function accepted(result: DecodeResult): FlagDocument {
  if (!result.ok) throw new Error(result.problems.map((problem) => problem.message).join('\n'));
  return result.document;
}

/** The paths of all problems of a refused document. */
export function paths(document: unknown): string[] {
  const result = decodeDocument(JSON.stringify(document));
  return result.ok ? [] : result.problems.map((problem) => problem.path);
}

/** The only problem of a refused document, in one line. */
export function message(document: unknown): string {
  const result = decodeDocument(typeof document === 'string' ? document : JSON.stringify(document));
  if (result.ok) return 'accepted';
  expect(result.problems).toHaveLength(1);
  return result.problems[0]!.message;
}

export const withFlag = (flag: unknown, more: object = {}): unknown => ({
  schemaVersion: 1,
  flags: { checkout: flag },
  ...more,
});
export const withRule = (when: unknown, more: object = {}): unknown =>
  withFlag({ type: 'boolean', rules: [{ when, serve: 'on' }], fallthrough: 'off' }, more);
