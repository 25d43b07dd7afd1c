import { describe, expect, it } from 'vitest';
import { createFlagClient } from '../../../src/client/create-flag-client.ts';
import { Isolation } from '../../../src/client/events/isolation.ts';
import type { LogEntry } from '../../../src/refresh/protocol.ts';
import { holds, scriptedSource } from '../../support/scripted-source.ts';

/** What was isolated, and the clock by which it is told. */
function isolation() {
  const lines: LogEntry[] = [];
  const clock = { ms: 0 };
  const isolated = new Isolation({ log: (entry) => void lines.push(entry) }, 'warn', false, () => clock.ms);
  const fail = (error: unknown, where: 'hook' | 'listener' = 'hook'): void =>
    isolated.call(where, () => {
      throw error;
    });
  return { isolated, fail, lines, clock };
}

describe('F45 isolated errors', () => {
  it('are counted in the sink by their places, also those of the sink itself, without end', () => {
    const counted: unknown[] = [];
    const sink = {
      count: (name: string, labels: unknown) => {
        counted.push([name, labels]);
        throw new Error('the sink is broken');
      },
      gauge: () => {},
      observe: () => {},
    };
    const isolated = new Isolation({ log: () => {} }, 'silent', sink);
    isolated.call('hook', () => {
      throw new TypeError('broken');
    });
    expect(counted).toEqual([['feature_flag_isolated_errors_total', { where: 'hook' }]]);
    expect(isolated.errors).toBe(2);
  });

  it('are all counted, and logged once a minute for each place and kind, with how many were not', () => {
    const { isolated, fail, lines, clock } = isolation();
    for (let times = 0; times < 10_000; times++) fail(new TypeError('broken'));
    fail(new RangeError('broken'));
    fail(new TypeError('broken'), 'listener');
    expect(isolated.errors).toBe(10_002);
    expect(lines.map(({ fields }) => fields)).toEqual([
      { where: 'hook', error: 'TypeError' },
      { where: 'hook', error: 'RangeError' },
      { where: 'listener', error: 'TypeError' },
    ]);
    clock.ms = 59_999;
    fail(new TypeError('broken'));
    expect(lines).toHaveLength(3);
    clock.ms = 60_000;
    fail(new TypeError('broken'));
    expect(lines).toHaveLength(4);
    expect(lines[3]).toEqual({
      level: 'error',
      message: 'a hook threw; it was isolated',
      fields: { where: 'hook', error: 'TypeError', notLogged: 10_000 },
    });
  });

  it('are logged by name alone: their messages may hold what an application knows about a user', () => {
    const { fail, lines } = isolation();
    const named = new Error('no tenant for anna@example.com');
    named.name = 'anna@example.com';
    const hostile = Object.defineProperty(new Error('x'), 'name', {
      get: () => {
        throw new Error('anna@example.com');
      },
    });
    for (const error of [new Error('no tenant for anna@example.com'), named, 'anna@example.com', hostile]) fail(error);
    expect(lines.map(({ fields }) => fields['error'])).toEqual(['Error', 'string']);
    expect(JSON.stringify(lines)).not.toContain('anna');
  });

  it('keep memory and log bounded, however many names they have', () => {
    const { isolated, fail, lines } = isolation();
    for (let number = 0; number < 1_000; number++) fail(Object.assign(new Error('x'), { name: `Error${number}` }));
    expect(isolated.errors).toBe(1_000);
    expect(lines.length).toBeLessThanOrEqual(33);
  });

  it('of a hook that throws in every evaluation make one line', async () => {
    const lines: LogEntry[] = [];
    await using flags = createFlagClient({
      source: scriptedSource(holds(1)),
      variables: false,
      environment: 'test',
      logger: { log: (entry) => void lines.push(entry) },
      hooks: [
        {
          before: () => {
            throw new Error('no tenant for anna@example.com');
          },
        },
      ],
    });
    await flags.ready();
    for (let times = 0; times < 1_000; times++) flags.isEnabled('a');
    expect(flags.health().isolated_errors).toBe(1_000);
    expect(lines).toEqual([
      { level: 'error', message: 'a hook threw; it was isolated', fields: { where: 'hook', error: 'Error' } },
    ]);
  });
});
