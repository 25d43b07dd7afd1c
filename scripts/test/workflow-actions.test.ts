import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const folder = new URL('../../.github/workflows/', import.meta.url);
const workflows = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));

/**
 * A whole commit, and beside it the version that a person reads. Actions of this repository have no other version than
 * it.
 */
const PINNED = /^(?:\.\/\S+|[\w.-]+\/[\w./-]+@[\da-f]{40} # v\d+\.\d+\.\d+)$/;

it('F97 every workflow names what it runs by commit, with the version beside it', () => {
  expect(workflows).not.toEqual([]);
  const named = workflows.flatMap((name) => {
    const text = readFileSync(fileURLToPath(new URL(name, folder)), 'utf8');
    return [...text.matchAll(/^[\s-]*(?:uses|"uses"|'uses')\s*:\s*(.*?)\s*$/gm)].map(([, action = '']) => ({
      name,
      action,
    }));
  });
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter(({ action }) => !PINNED.test(action))).toEqual([]);
});

it.each([
  'actions/checkout@v4',
  'actions/checkout@main # v4.4.0',
  'actions/checkout@11d5960 # v4.4.0',
  'actions/checkout@11d5960a326750d5838078e36cf38b85af677262',
  'actions/checkout',
  'docker://alpine:3',
])('F97 %s is not named by commit and version', (action) => {
  expect(PINNED.test(action)).toBe(false);
});
