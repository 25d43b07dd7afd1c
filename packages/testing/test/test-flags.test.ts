import type { FlagValue } from '@clarity/flags-core';
import { decodeDocument } from '@clarity/flags-core/document';
import { createTestClient } from '@clarity/flags-testing';
import { expect, it } from 'vitest';
import { documentOf } from '../src/test-flags.ts';

it('makes a document that a store could hold, with each flag of its type', () => {
  const document = documentOf(
    new Map<string, FlagValue>([
      ['on', true],
      ['theme', 'dark'],
      ['limit', 1.5],
      ['layout', { columns: 3 }],
      ['list', [1, 2]],
    ]),
  );
  expect(decodeDocument(JSON.stringify(document))).toMatchObject({ ok: true });
  expect(document.flags).toMatchObject({
    on: { type: 'boolean' },
    theme: { type: 'string' },
    limit: { type: 'number' },
    layout: { type: 'object' },
    list: { type: 'object' },
  });
});

it.each([
  [null, 'null'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
  [undefined, 'missing'],
])('names what it refuses: %s', (value, named) => {
  expect(() => createTestClient({ a: value as never })).toThrow(
    new TypeError(`flag "a" is ${named}; allowed is a boolean, a string, a finite number, an object or a list`),
  );
});

it('leaves the others where they are when one is removed', () => {
  const client = createTestClient({ a: true, b: 'text' });
  client.remove('a');
  expect(client.all()).toEqual({ b: 'text' });
});
