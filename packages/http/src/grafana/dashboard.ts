import { describeOption, showOption } from '@clarity/flags-core/adapter-kit';
import type { Panel, Section } from './panel.ts';
import { SECTIONS } from './panels.ts';

export interface GrafanaOptions {
  /** Default `Feature flags`. */
  readonly title?: string;
  /**
   * The dashboard's lasting name in Grafana, 1 to 40 letters, digits, `-` and `_`. Importing again replaces it. Default
   * `clarity-flags`.
   */
  readonly uid?: string;
}

/** Classic dashboard JSON, as Grafana imports it (11 and 12; schema versions 39 to 42). */
export interface GrafanaDashboard {
  readonly [member: string]: unknown;
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
}

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' } as const;
const COLUMNS = 24;
const SIZE = { stat: { w: 6, h: 4 }, timeseries: { w: 8, h: 8 } } as const;

/**
 * The dashboard for every metric of the catalog. Import it as it is, or put it into a provisioned folder.
 *
 * @throws {TypeError} when the uid is not one that Grafana takes, or the title is not a text.
 */
export function grafanaDashboard(options: GrafanaOptions = {}): GrafanaDashboard {
  const { title = 'Feature flags', uid = 'clarity-flags' } = options;
  if (typeof title !== 'string') throw new TypeError(`grafana.title is ${describeOption(title)}; allowed is a text`);
  if (typeof uid !== 'string' || !/^[\w-]{1,40}$/.test(uid)) {
    throw new TypeError(`grafana.uid is ${showOption(uid)}; allowed is 1 to 40 letters, digits, '-' and '_'`);
  }
  return {
    uid,
    title,
    description: 'Freshness, refresh, propagation and use of feature flags.',
    tags: ['feature-flags'],
    schemaVersion: 39,
    version: 1,
    id: null,
    editable: true,
    graphTooltip: 1,
    fiscalYearStartMonth: 0,
    liveNow: false,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    timepicker: {},
    timezone: 'browser',
    weekStart: '',
    links: [],
    annotations: { list: [] },
    templating: {
      list: [
        datasourceVariable(),
        labelVariable('job'),
        labelVariable('instance', 'job=~"$job"'),
        labelVariable('client', 'job=~"$job"'),
      ],
    },
    panels: laidOut(SECTIONS),
  };
}

function datasourceVariable(): object {
  return {
    name: 'datasource',
    label: 'Data source',
    type: 'datasource',
    query: 'prometheus',
    regex: '',
    hide: 0,
    includeAll: false,
    multi: false,
    options: [],
    refresh: 1,
    skipUrlSync: false,
  };
}

const LABEL_TITLES = { job: 'Job', instance: 'Instance', client: 'Client' } as const;

function labelVariable(label: keyof typeof LABEL_TITLES, where = ''): object {
  const query = `label_values(feature_flag_stale_config${where === '' ? '' : `{${where}}`}, ${label})`;
  return {
    name: label,
    label: LABEL_TITLES[label],
    type: 'query',
    datasource: DATASOURCE,
    definition: query,
    query: { query, refId: `variable-${label}` },
    regex: '',
    hide: 0,
    includeAll: true,
    allValue: '.*',
    multi: true,
    options: [],
    // On a change of the time range: instances come and go.
    refresh: 2,
    skipUrlSync: false,
    sort: 1,
    current: { selected: true, text: ['All'], value: ['$__all'] },
  };
}

function laidOut(sections: readonly Section[]): readonly object[] {
  const panels: object[] = [];
  let y = 0;
  const nextId = (): number => panels.length + 1;
  for (const { title, panels: members } of sections) {
    panels.push({
      id: nextId(),
      type: 'row',
      title,
      collapsed: false,
      gridPos: { x: 0, y, w: COLUMNS, h: 1 },
      panels: [],
    });
    y += 1;
    let x = 0;
    let height = 0;
    for (const panel of members) {
      const { w, h } = SIZE[panel.kind];
      if (x + w > COLUMNS) {
        x = 0;
        y += height;
        height = 0;
      }
      panels.push({ ...shown(panel), id: nextId(), gridPos: { x, y, w, h } });
      x += w;
      height = Math.max(height, h);
    }
    y += height;
  }
  return panels;
}

function shown(panel: Panel): object {
  const { kind, title, description, queries } = panel;
  return {
    type: kind,
    title,
    description,
    datasource: DATASOURCE,
    targets: queries.map(({ expr, legend }, at) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + at),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
      editorMode: 'code',
      range: kind === 'timeseries',
      instant: kind === 'stat',
    })),
    fieldConfig: { defaults: fieldDefaults(panel), overrides: [] },
    options: kind === 'stat' ? STAT_OPTIONS : TIMESERIES_OPTIONS,
  };
}

function fieldDefaults({ kind, unit, words, redFrom, stacked }: Panel): object {
  return {
    unit,
    min: 0,
    color: { mode: kind === 'stat' ? 'thresholds' : 'palette-classic' },
    thresholds: {
      mode: 'absolute',
      steps: [
        { color: kind === 'stat' && redFrom === undefined ? 'blue' : 'green', value: null },
        ...(redFrom === undefined ? [] : [{ color: 'red', value: redFrom }]),
      ],
    },
    mappings: words === undefined ? [] : [{ type: 'value', options: wordOptions(words) }],
    ...(kind === 'timeseries' && {
      custom: {
        drawStyle: 'line',
        lineInterpolation: words === undefined && unit !== 'bool_yes_no' ? 'linear' : 'stepAfter',
        lineWidth: 1,
        fillOpacity: stacked === true ? 30 : 10,
        // A quantile of one publish is a single point, which no line can show.
        showPoints: 'auto',
        spanNulls: false,
        stacking: { mode: stacked === true ? 'normal' : 'none', group: 'A' },
      },
    }),
  };
}

function wordOptions(words: NonNullable<Panel['words']>): object {
  return Object.fromEntries(
    Object.entries(words).map(([value, { text, color }], index) => [value, { text, color, index }]),
  );
}

const STAT_OPTIONS = {
  colorMode: 'background',
  graphMode: 'none',
  justifyMode: 'center',
  orientation: 'auto',
  textMode: 'value',
  wideLayout: true,
  reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
} as const;

const TIMESERIES_OPTIONS = {
  legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
  tooltip: { mode: 'multi', sort: 'desc' },
} as const;
