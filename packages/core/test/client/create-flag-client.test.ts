import { expect, it } from 'vitest';
import { createFlagClient } from '../../src/client/create-flag-client.ts';
import { holds, scriptedSource } from '../support/scripted-source.ts';

it('a runtime that lacks what flags are compiled with is refused, and does not serve fallbacks in good health', () => {
  const { prototype } = Array;
  const { toReversed } = prototype;
  Reflect.deleteProperty(prototype, 'toReversed'); // as on Node 18
  try {
    expect(() => createFlagClient({ source: scriptedSource(holds(1)) })).toThrow(
      'createFlagClient needs Node 20.19 or later, or a runtime as new',
    );
  } finally {
    Object.defineProperty(prototype, 'toReversed', { value: toReversed, writable: true, configurable: true });
  }
});
