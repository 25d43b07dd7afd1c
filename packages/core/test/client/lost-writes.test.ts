import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createFlagClient } from '../../src/client/create-flag-client.ts';
import type { LogEntry } from '../../src/refresh/protocol.ts';
import { createEdgeFlagClient } from '../../src/edge/edge-flag-client.ts';
import { edgeSignals } from '../../src/edge/edge-signals.ts';
import { metricTable, type MetricTable } from '../../src/metrics/metric-table.ts';
import { type Behaviour, counted, documentText, holds, scriptedSource } from '../support/scripted-source.ts';

/** What the store published after it had lost everything behind 1002.2. */
const afterTheLoss: Behaviour = {
  kind: 'holds',
  revision: counted(3, 2_000),
  text: documentText(3),
  ancestors: [counted(2, 1_002), counted(1, 1_001), counted(0, 0)],
};
const lost = { lost: counted(9, 1_009), adopted: counted(3, 2_000), source: 'store' };
const inHealth = { lost: '1009.9', adopted: '2000.3', source: 'store', at: expect.stringMatching(/^20.*Z$/) };

function total(table: MetricTable): number | undefined {
  const family = [...table.families()].find(({ name }) => name === 'feature_flag_lost_writes_total');
  return [...(family?.series ?? [])][0]?.value;
}

describe('F90 a client of a store that lost what it had served', () => {
  it('tells it once: by an event, in health and freshness, in the log and by a counter that began at 0', async () => {
    const source = scriptedSource(holds(9, 1_009));
    const metrics = metricTable();
    const logged: LogEntry[] = [];
    const logger = { log: (entry: LogEntry) => void logged.push(entry) };
    const flags = createFlagClient({ source, metrics, logger, variables: false });
    onTestFinished(() => flags.close());
    const heard = vi.fn();
    flags.on('store.lost-writes', heard);
    await flags.ready();
    expect(flags.health().lost_writes).toBeNull();
    expect(total(metrics)).toBe(0);

    source.behaviour = holds(2, 1_002);
    expect(await flags.refresh()).toMatchObject({
      reason: 'older_revision',
      message: expect.stringContaining('the next publication to it mends that'),
    });
    expect(heard).not.toHaveBeenCalled();

    source.behaviour = afterTheLoss;
    expect(await flags.refresh()).toMatchObject({ ok: true, revision: counted(3, 2_000) });
    await flags.refresh();
    expect(heard.mock.calls).toEqual([[{ ...lost, atMs: expect.any(Number) }]]);
    expect(flags.freshness()).toMatchObject({ state: 'fresh', lostWrites: lost });
    expect(flags.health().lost_writes).toEqual(inHealth);
    expect(total(metrics)).toBe(1);
    const warnings = logged.filter(({ level, message }) => level === 'warn' && message.includes('lost writes'));
    expect(warnings).toMatchObject([{ fields: { source: 'store', lost: '1009.9', adopted: '2000.3' } }]);
    // It is no state: who listens later finds it in health.
    const late = vi.fn();
    flags.on('store.lost-writes', late);
    await Promise.resolve();
    expect(late).not.toHaveBeenCalled();
  });

  it('tells it at the edge: in freshness, in the log and by the counter', async () => {
    const source = scriptedSource(holds(9, 1_009));
    const metrics = metricTable();
    const logged: LogEntry[] = [];
    const signals = edgeSignals({ metrics, log: (entry) => void logged.push(entry) });
    const flags = createEdgeFlagClient({ source, signals });
    await flags.ready();
    expect(total(metrics)).toBe(0);
    source.behaviour = afterTheLoss;
    await flags.refresh();
    expect(flags.freshness()).toMatchObject({ state: 'fresh', lostWrites: lost });
    expect(total(metrics)).toBe(1);
    expect(logged).toMatchObject([{ level: 'warn', message: 'the store lost writes that were served' }]);
  });
});
