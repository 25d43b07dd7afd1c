import { METRIC_CATALOG } from '@clarity/flags-core/metrics';
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
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit: string;
      readonly thresholds: { readonly steps: readonly { readonly color: string; readonly value: number | null }[] };
      readonly mappings: readonly {
        readonly options: Readonly<Record<string, { readonly text: string; readonly color: string }>>;
      }[];
      readonly custom?: { readonly stacking?: { readonly mode: string } };
    };
  };
}

const dashboard = grafanaDashboard();
const panels = dashboard['panels'] as readonly ShownPanel[];
const drawn = panels.filter(({ type }) => type !== 'row');
const expressions = drawn.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

describe('the Grafana dashboard', () => {
  it('offers the jobs that there are, and of each its instances and clients', () => {
    const { list } = dashboard['templating'] as {
      list: { name: string; label: string; definition?: string; query: unknown; multi: boolean }[];
    };
    expect(list.map(({ name, label }) => [name, label])).toEqual([
      ['datasource', 'Data source'],
      ['job', 'Job'],
      ['instance', 'Instance'],
      ['client', 'Client'],
    ]);
    expect(list[1]?.definition).toBe('label_values(feature_flag_stale_config, job)');
    expect(list[2]?.definition).toBe('label_values(feature_flag_stale_config{job=~"$job"}, instance)');
    for (const { definition, query } of list.slice(1)) expect(query).toMatchObject({ query: definition });
    expect(list.map(({ multi }) => multi)).toEqual([false, true, true, true]);
  });

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

  it('shows as one figure what is asked first, and everything else over time', () => {
    const figures = drawn.filter(({ type }) => type === 'stat').map(({ title }) => title);
    expect(figures).toEqual([
      'Freshness',
      'Time since last refresh',
      'Circuit breaker',
      'Revisions in service',
      'Instances without the primary',
      'Stored document',
      'Subscriber',
    ]);
    expect(drawn.filter(({ title }) => !figures.includes(title)).map(({ type }) => type)).toEqual(
      Array.from({ length: drawn.length - figures.length }, () => 'timeseries'),
    );
  });

  it('is red from the figure on that is bad news', () => {
    const red = drawn.flatMap(({ title, fieldConfig }) =>
      (fieldConfig?.defaults.thresholds.steps ?? [])
        .filter(({ value }) => value !== null)
        .map(({ color, value }) => [title, `${color} from ${value}`]),
    );
    // Two revisions disagree, and one instance without the primary is one too many.
    expect(Object.fromEntries(red)).toEqual({
      'Revisions in service': 'red from 2',
      'Instances without the primary': 'red from 1',
    });
  });

  it('says in words and colours what numbers stand for, wherever they are shown', () => {
    const words = drawn.flatMap(({ title, fieldConfig }) =>
      (fieldConfig?.defaults.mappings ?? []).map(({ options }) => [
        title,
        Object.entries(options).map(([number, { text, color }]) => `${number} ${text} ${color}`),
      ]),
    );
    const breaker = ['0 closed green', '1 open red', '2 half-open orange'];
    const subscriber = ['0 down red', '1 up green'];
    expect(Object.fromEntries(words)).toEqual({
      Freshness: ['0 fresh green', '1 stale red'],
      'Circuit breaker': breaker,
      'Circuit breaker, by instance': breaker,
      'Stored document': ['0 none green', '1 refused red'],
      Subscriber: subscriber,
      'Subscriber, by instance': subscriber,
    });
  });

  it('has the unit of what it draws', () => {
    const titles = new Map<string, string[]>();
    for (const { title, fieldConfig } of drawn) {
      const unit = fieldConfig?.defaults.unit ?? 'none';
      titles.set(unit, [...(titles.get(unit) ?? []), title]);
    }
    titles.delete('short');
    expect(Object.fromEntries(titles)).toEqual({
      s: [
        'Time since last refresh',
        'Refresh duration',
        'Time since last refresh, by instance',
        'Propagation',
        'Age of the served document',
      ],
      reqps: [
        'Refreshes that succeeded',
        'Refreshes that failed, by cause',
        'Notices, by outcome',
        'Evaluations by flag',
        'Evaluations by flag and variant',
        'Errors in code that was handed to the client',
      ],
      bool_yes_no: ['Stale, by instance'],
      bytes: ['Size of the document'],
    });
  });

  it('draws on top of each other only what adds up: series of a closed set', () => {
    const stacked = drawn.filter(({ fieldConfig }) => fieldConfig?.defaults.custom?.stacking?.mode === 'normal');
    expect(stacked.map(({ title }) => title)).toEqual([
      'Refreshes that failed, by cause',
      'Instances by revision',
      'Instances by origin',
    ]);
  });

  it('reads from the data source that the viewer chooses, everywhere', () => {
    const { list } = dashboard['templating'] as { list: readonly { name: string; type: string; query: unknown }[] };
    expect(list.map(({ name }) => name)).toEqual(['datasource', 'job', 'instance', 'client']);
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
