import { MessageChannel } from 'node:worker_threads';
import * as Effect from 'effect/Effect';
import * as Exit from 'effect/Exit';
import * as Scope from 'effect/Scope';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Freshness } from '../../src/refresh/freshness.ts';
import { createEdgeFlagClient } from '../../src/edge/edge-flag-client.ts';
import { edgeSignals } from '../../src/edge/edge-signals.ts';
import { makeFlags } from '../../src/effect.ts';
import type { EvaluationContext } from '../../src/evaluation/context.ts';
import type { FlagSource } from '../../src/ports/source.ts';
import { followFlags, shareFlags } from '../../src/threads.ts';
import { counted } from '../support/scripted-source.ts';
import { openClient } from '../support/open-client.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What all clients have in common that goes by a clock. */
interface Asked {
  isEnabled(key: string, context: EvaluationContext): boolean;
  freshness(): Freshness;
}

interface Opened {
  /** The client, and those that see through it. Ready. */
  readonly clients: Readonly<Record<string, Asked>>;
  refresh(): Promise<unknown>;
}

type Observed = (name: string, value: number) => void;

/** A store whose clock is off by `offsetMs`. It first published half an hour ago. */
function storeWithClock(offsetMs: number): FlagSource & { publish(agoMs: number): void } {
  const storeMs = (): number => Date.now() + offsetMs;
  const at = (ms: number): string => new Date(ms).toISOString();
  let version = 1;
  let publishedAtMs = storeMs() - 30 * MINUTE_MS;
  return {
    name: 'store',
    publish(agoMs) {
      version += 1;
      publishedAtMs = storeMs() - agoMs;
    },
    async read(known) {
      const revision = counted(version);
      const reading = { revision, publishedAtMs, storeTimeMs: storeMs() };
      if (JSON.stringify(known) === JSON.stringify(revision)) return { kind: 'unchanged', ...reading };
      // Windows and a ramp of half an hour to either side: by a clock that is an hour off each is another.
      const around = (ms: number) => ({ onAt: at(ms - 30 * MINUTE_MS), offAt: at(ms + 30 * MINUTE_MS) });
      const flags = {
        open_there: { status: 'enabled', schedule: around(storeMs()) },
        open_here: { status: 'enabled', schedule: around(Date.now()) },
        begun_there: ramp(at(storeMs() - 30 * MINUTE_MS)),
        later_there: ramp(at(storeMs() + 30 * MINUTE_MS)),
      };
      return { kind: 'document', text: JSON.stringify({ schemaVersion: 1, flags }), ...reading };
    },
    close: () => Promise.resolve(),
  };
}

/** From nobody to everybody within a second. */
function ramp(beginsAt: string): object {
  const endsAt = new Date(Date.parse(beginsAt) + 1_000).toISOString();
  const points = [
    { at: beginsAt, percentage: 0 },
    { at: endsAt, percentage: 100 },
  ];
  return {
    type: 'boolean',
    fallthrough: { kind: 'ramp', variant: 'on', otherwise: 'off', curve: 'linear', points },
  };
}

const faces: Readonly<Record<string, (source: FlagSource, observe: Observed) => Promise<Opened>>> = {
  async 'a server’s client and a thread that follows it'(source, observe) {
    const flags = openClient({ source, metrics: { count() {}, gauge() {}, observe } });
    const { port1, port2 } = new MessageChannel();
    shareFlags(flags, port1);
    const follower = followFlags(port2, { logLevel: 'silent' });
    onTestFinished(() => follower.close());
    await follower.ready();
    return { clients: { flags, follower }, refresh: () => flags.refresh() };
  },
  async 'a client of an Effect program'(source, observe) {
    const scope = Effect.runSync(Scope.make());
    onTestFinished(() => Effect.runPromise(Scope.close(scope, Exit.void)));
    const {
      flags: { client },
    } = await Effect.runPromise(
      Scope.provide(
        makeFlags({ source, metrics: { count() {}, gauge() {}, observe }, variables: false, logLevel: 'silent' }),
        scope,
      ),
    );
    await client.ready();
    return { clients: { client }, refresh: () => client.refresh() };
  },
  async 'a client at the edge'(source, observe) {
    const signals = edgeSignals({ metrics: { count() {}, gauge() {}, observe } });
    const flags = createEdgeFlagClient({ source, signals });
    await flags.ready();
    return { clients: { flags }, refresh: () => flags.refresh() };
  },
};

describe.each(Object.entries(faces))('%s, with a store that tells its time', (_, open) => {
  it.each([
    ['an hour ahead', HOUR_MS],
    ['an hour behind', -HOUR_MS],
  ])('goes by it when that is %s', async (_where, offsetMs) => {
    const source = storeWithClock(offsetMs);
    const propagations: number[] = [];
    const { clients, refresh } = await open(source, (name, value) => {
      if (name === 'feature_flag_propagation_seconds') propagations.push(value);
    });
    for (const flags of Object.values(clients)) {
      const enabled = ['open_there', 'open_here', 'begun_there', 'later_there'].map((key) =>
        flags.isEnabled(key, { userId: 'u1' }),
      );
      expect(enabled).toEqual([true, false, true, false]);
      const { clockOffsetMs, publicationAgeMs } = flags.freshness();
      // What the machine takes for this test is far below an hour.
      expect(Math.abs((clockOffsetMs ?? 0) - offsetMs)).toBeLessThan(MINUTE_MS);
      expect(publicationAgeMs).toBeGreaterThanOrEqual(30 * MINUTE_MS - 1);
      expect(publicationAgeMs).toBeLessThan(31 * MINUTE_MS);
    }

    expect(propagations).toEqual([]);
    source.publish(7_000);
    await refresh();
    await vi.waitFor(() => expect(propagations).toHaveLength(1));
    expect(propagations[0]).toBeGreaterThanOrEqual(6.999);
    expect(propagations[0]).toBeLessThan(60);
  });
});
