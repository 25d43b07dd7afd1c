import { METRIC_CATALOG } from '@clarity/flags-core/ports';
import { describe, expect, it } from 'vitest';
import { grafanaDashboard } from '../../src/index.ts';

interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly datasource: unknown;
}
interface ShownPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: unknown;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
}

const dashboard = grafanaDashboard();
const panels = dashboard['panels'] as readonly ShownPanel[];
const drawn = panels.filter(({ type }) => type !== 'row');
const expressions = drawn.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

describe('the Grafana dashboard', () => {
  it('has a lasting uid and a schema version that present Grafanas import', () => {
    expect(dashboard).toMatchObject({ uid: 'clarity-flags', title: 'Feature flags', id: null });
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(39);
    expect(dashboard.schemaVersion).toBeLessThanOrEqual(42);
    expect(grafanaDashboard({ uid: 'shop-flags', title: 'Shop' })).toMatchObject({ uid: 'shop-flags', title: 'Shop' });
  });

  it.each(['', 'a b', 'ä', 'x'.repeat(41)])('refuses the uid %j', (uid) => {
    expect(() => grafanaDashboard({ uid })).toThrow(/1 to 40 letters/);
  });

  it('shows nothing but panels that Grafana still has, each under its own id and title', () => {
    expect([...new Set(panels.map(({ type }) => type))].toSorted()).toEqual(['row', 'stat', 'timeseries']);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    expect(drawn.filter(({ description = '' }) => description === '')).toEqual([]);
  });

  it('reads from the data source that the viewer chooses, everywhere', () => {
    const { list } = dashboard['templating'] as { list: readonly { name: string; type: string; query: unknown }[] };
    expect(list.map(({ name }) => name)).toEqual(['datasource', 'job', 'instance']);
    expect(list[0]).toMatchObject({ type: 'datasource', query: 'prometheus' });
    const chosen = { type: 'prometheus', uid: '${datasource}' };
    for (const { datasource, targets = [] } of drawn) {
      expect(datasource).toEqual(chosen);
      expect(targets.length).toBeGreaterThan(0);
      expect(targets.map((target) => target.datasource)).toEqual(targets.map(() => chosen));
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    }
  });

  it('lays panels side by side within 24 columns, none on top of another', () => {
    const taken = new Set<string>();
    for (const { title, gridPos } of panels) {
      const { x, y, w, h } = gridPos;
      expect(x + w, title).toBeLessThanOrEqual(24);
      for (let column = x; column < x + w; column += 1) {
        for (let row = y; row < y + h; row += 1) {
          const cell = `${column},${row}`;
          expect(taken.has(cell), `${title} lies on another panel`).toBe(false);
          taken.add(cell);
        }
      }
    }
  });

  it('asks only for metrics of the catalog, and for every one of them', () => {
    const asked = new Set(
      expressions
        .flatMap((expr) => expr.match(/feature_flag_\w+/g) ?? [])
        .map((name) => (Object.hasOwn(METRIC_CATALOG, name) ? name : name.replace(/_bucket$/, ''))),
    );
    const catalog = Object.keys(METRIC_CATALOG);
    expect([...asked].filter((name) => !catalog.includes(name))).toEqual([]);
    expect(catalog.filter((name) => !asked.has(name))).toEqual([]);
  });

  it('takes rates over the interval that Grafana computes', () => {
    const ranges = expressions.flatMap((expr) => expr.match(/\[[^\]]*\]/g) ?? []);
    expect(ranges.length).toBeGreaterThan(5);
    expect([...new Set(ranges)]).toEqual(['[$__rate_interval]']);
  });
});
