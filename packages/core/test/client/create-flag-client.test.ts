import { expect, it } from 'vitest';
import { createFlagClient } from '../../src/client/create-flag-client.ts';
import type { LogEntry } from '../../src/refresh/protocol.ts';
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

it('what is odd about its options stands in the log at start, and in health for as long as it runs', async () => {
  const lines: LogEntry[] = [];
  const logger = { log: (entry: LogEntry) => void lines.push(entry) };
  const seconds = { breaker: { recoveryTimeoutMs: 30 } };
  await using flags = createFlagClient({ source: scriptedSource(holds(1)), variables: {}, logger, ...seconds });
  await flags.ready();
  const warnings: readonly unknown[] = [
    expect.stringMatching(/^no environment is named, .* mode none reads once/),
    expect.stringMatching(/^breaker.recoveryTimeoutMs is 30, which is 30 ms/),
  ];
  expect(lines).toEqual(warnings.map((message) => ({ level: 'warn', message, fields: {} })));
  expect(flags.health()).toMatchObject({ healthy: true, refresh_mode: 'none', warnings });
});
