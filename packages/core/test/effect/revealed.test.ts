import * as Redacted from 'effect/Redacted';
import { expect, expectTypeOf, it } from 'vitest';
import { type Revealed, revealed } from '../../src/effect.ts';

interface Configured {
  readonly url: Redacted.Redacted;
  readonly maxBytes?: number | undefined;
}

it('puts the secrets of a configuration in the open, and leaves out what is undefined', () => {
  const options = revealed<Configured>({ url: Redacted.make('redis://:hunter2@host'), maxBytes: undefined });
  expect(Object.entries(options)).toEqual([['url', 'redis://:hunter2@host']]);
  expectTypeOf<Revealed<Configured>>().toEqualTypeOf<{ readonly url: string; readonly maxBytes?: number }>();
});
