// A client of the real engine over an HTTP source, and everything that it lets the world see. `finish` asks what every
// row of the fault list asks: nothing secret said, nothing left open.
import { createFlagClient, type FlagClient, type FlagClientOptions, type LogEntry } from '@clarity/flags-core';
import { fetchSource, type FetchSourceOptions } from '@clarity/flags-fetch';
import { type RecordingSink, recordingSink } from '@clarity/flags-testing';
import { expect } from 'vitest';

const TOKEN = 'tok-91d4c7';
const SIGNATURE = 'sig-40be1a';
/** Stands in every document of these tests. Longer than what a message may quote to say where a document is wrong. */
const PAYLOAD_MARK = 'mark-7c2f-0d5e-4b1a-9e38-payload';

const EVENTS = ['ready', 'changed', 'stale', 'fresh', 'error', 'breaker', 'rejected', 'store.lost-writes'] as const;
const PATIENCE_MS = 10_000;

export interface FollowedClient {
  readonly client: FlagClient;
  readonly logged: readonly LogEntry[];
  readonly sink: RecordingSink;
  /** Names of the events so far. */
  readonly events: readonly string[];
  /** Resolves once it holds; looked at after each event, log entry and count of the client. */
  readonly until: (what: string, holds: () => boolean) => Promise<void>;
  /** Closes the client and checks what every fault must leave behind. */
  readonly finish: () => Promise<void>;
}

export interface Following extends Partial<FlagClientOptions> {
  readonly fetching?: Partial<FetchSourceOptions>;
}

/** Follows the address. Reads only when asked (mode `none`) unless told otherwise. */
export function followAddress(url: string, { fetching, ...options }: Following = {}): FollowedClient {
  const logged: LogEntry[] = [];
  const told: unknown[] = [];
  const events: string[] = [];
  const watchers = new Set<() => void>();
  // After the turn, when the client has taken in what it tells.
  const look = (): void => queueMicrotask(() => watchers.forEach((watcher) => watcher()));
  const sink = recordingSink();
  const client = createFlagClient({
    source: fetchSource({
      url: `${url}?signature=${SIGNATURE}`,
      headers: { authorization: `Bearer ${TOKEN}` },
      ...fetching,
    }),
    refreshMode: 'none',
    timeoutMs: 2_000,
    variables: false,
    metrics: {
      ...sink,
      count: (...counted) => {
        sink.count(...counted);
        look();
      },
    },
    logger: {
      log: (entry) => {
        logged.push(entry);
        look();
      },
    },
    logLevel: 'debug',
    ...options,
  });
  for (const name of EVENTS) {
    client.on(name, (event) => {
      events.push(name);
      told.push(event);
      look();
    });
  }

  return {
    client,
    logged,
    sink,
    events,
    until: (what, holds) =>
      new Promise((resolve, reject) => {
        const end = (): void => {
          clearTimeout(timer);
          watchers.delete(check);
        };
        const check = (): void => {
          if (!holds()) return;
          end();
          resolve();
        };
        const timer = setTimeout(() => {
          end();
          reject(
            new Error(`not within ${PATIENCE_MS} ms: ${what}; ${JSON.stringify({ events, health: client.health() })}`),
          );
        }, PATIENCE_MS);
        watchers.add(check);
        check();
      }),
    finish: async () => {
      const last = client.isEnabled('checkout');
      const beganMs = performance.now();
      await Promise.all([client.close(), client.close()]);
      expect(performance.now() - beganMs).toBeLessThan(1_000);
      const count = events.length;
      expect(client.isEnabled('checkout')).toBe(last);
      await new Promise(setImmediate);
      expect(events.length).toBe(count);

      const seen = JSON.stringify(
        [logged, told, client.health(), client.freshness(), sink.series()],
        (_key, value: unknown) => (value instanceof Error ? `${value.stack}${String(value.cause)}` : value),
      );
      for (const secret of [TOKEN, SIGNATURE, PAYLOAD_MARK]) expect(seen).not.toContain(secret);
    },
  };
}

/** A flag document of which only `checkout` differs. */
export function flags(checkout: 'enabled' | 'disabled', padding = ''): string {
  const description = PAYLOAD_MARK + padding;
  return JSON.stringify({ schemaVersion: 1, flags: { checkout: { status: checkout, description } } }, null, 2);
}
