import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../../src/refresh/protocol.ts';
import { holds, scriptedSource } from '../../support/scripted-source.ts';
import { openClient } from '../../support/open-client.ts';

describe('the log', () => {
  it('states environment, mode, interval and bound at start, and can be turned up at run time', async () => {
    const logged: LogEntry[] = [];
    const logger = { log: (entry: LogEntry) => void logged.push(entry) };
    const flags = openClient({ logger, logLevel: 'info', environment: 'staging' });
    expect(logged[0]).toMatchObject({
      message: 'flag client started',
      fields: { environment: 'staging', mode: 'periodic', intervalMs: 120_000, boundMs: 142_000 },
    });
    await flags.ready();
    logged.length = 0;
    flags.setLogLevel('silent');
    flags.override('a', true);
    expect(logged).toEqual([]);
    expect(() => flags.setLogLevel('loud' as never)).toThrow(/level is "loud"; allowed is one of debug, info/);
  });

  it('holds no credential, also where an adapter puts one into its messages', async () => {
    const logged: LogEntry[] = [];
    const source = {
      ...scriptedSource(holds(1)),
      read: () =>
        Promise.reject(
          Object.assign(new Error('x'), {
            _tag: 'StoreError',
            reason: 'unavailable',
            retryable: false,
            message: 'connect redis://user:hunter2@host:6379 failed, token=abc123',
          }),
        ),
    };
    const flags = openClient({ source, logLevel: 'debug', logger: { log: (entry) => void logged.push(entry) } });
    await expect(flags.ready({ timeoutMs: 1 })).rejects.toThrow(/redis:\/\/\*\*\*@host/);
    const everything = JSON.stringify([logged, flags.health(), flags.freshness()]);
    expect(everything).not.toContain('hunter2');
    expect(everything).not.toContain('abc123');
    expect(everything).toContain('redis://***@host');
  });

  it('tells of failures of which an adapter says nothing', async () => {
    const logged: LogEntry[] = [];
    const fails = () =>
      Promise.reject(Object.assign(new Error('x'), { _tag: 'StoreError', retryable: false, message: undefined }));
    const flags = openClient({
      source: { ...scriptedSource(holds(1)), name: 'silent', read: fails },
      feed: { name: 'mute', subscribe: fails, close: () => Promise.resolve() },
      refreshMode: 'both',
      logLevel: 'debug',
      logger: { log: (entry) => void logged.push(entry) },
    });
    const told = () => logged.map(({ message, fields }) => [message, fields['error']]);
    await expect.poll(told).toContainEqual([expect.stringMatching(/^refresh failed;/), 'reading silent']);
    await expect.poll(told).toContainEqual([expect.stringMatching(/feed/), 'subscribing to mute']);
    expect(flags.health().isolated_errors).toBe(0);
  });
});
