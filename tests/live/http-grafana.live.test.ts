// The dashboard against Grafana's own published types, strictly: the JSON is written out as literals and the compiler
// judges them, so that a member Grafana does not know, a missing one and a value outside its set are all errors.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { grafanaDashboard } from '@clarity/flags-http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const tsc = join(dirname(fileURLToPath(import.meta.resolve('typescript/package.json'))), 'bin/tsc');
const sdk = dirname(dirname(fileURLToPath(import.meta.resolve('@grafana/grafana-foundation-sdk/dashboard'))));

interface DashboardJson {
  readonly panels: readonly {
    readonly id: number;
    readonly type: string;
    readonly targets?: readonly object[];
    readonly options?: object;
    readonly fieldConfig?: { readonly defaults: { readonly custom?: object } };
  }[];
}

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clarity-grafana-'));
});

afterEach(() => rm(folder, { recursive: true }));

/** What JSON can be of a type: enums by their values, and none of the functions that mark kinds of queries. */
const HEAD = `
import type { Dashboard, Panel, RowPanel } from 'sdk/dashboard/index.d.ts';
import type * as prometheus from 'sdk/prometheus/index.d.ts';
import type * as stat from 'sdk/stat/index.d.ts';
import type * as timeseries from 'sdk/timeseries/index.d.ts';
type Json<T> = 0 extends 1 & T ? T
  : T extends string ? \`\${T}\`
  : T extends number ? (\`\${T}\` extends \`\${infer N extends number}\` ? N : T)
  : T extends readonly (infer Item)[] ? readonly Json<Item>[]
  : T extends object ? { readonly [K in keyof T as T[K] extends () => void ? never : K]: Json<T[K]> }
  : T;
`;

/** Every part of the dashboard as a constant of the type that Grafana gives for it. */
function literals(dashboard: unknown): string {
  const { panels, ...rest } = dashboard as DashboardJson;
  const lines = [HEAD, constant('dashboard', 'Omit<Dashboard, "panels">', rest)];
  for (const { targets = [], options, ...panel } of panels) {
    const { id, type, fieldConfig } = panel;
    if (type === 'row') {
      lines.push(constant(`row${id}`, 'RowPanel', panel));
      continue;
    }
    lines.push(
      constant(`panel${id}`, 'Panel', panel),
      // Stat panels may leave these to Grafana's defaults.
      constant(`options${id}`, type === 'stat' ? 'Partial<stat.Options>' : 'timeseries.Options', options),
      ...targets.map((target, at) => constant(`query${id}_${at}`, 'prometheus.Dataquery', target)),
    );
    const custom = fieldConfig?.defaults.custom;
    if (custom !== undefined) lines.push(constant(`custom${id}`, 'timeseries.FieldConfig', custom));
  }
  return lines.join('\n');
}

function constant(name: string, type: string, value: unknown): string {
  return `export const ${name}: Json<${type}> = ${JSON.stringify(value)};`;
}

/** What the compiler says about it; nothing when all is well. */
async function complaints(dashboard: unknown): Promise<string> {
  await writeFile(join(folder, 'dashboard.ts'), literals(dashboard));
  const options = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    module: 'ESNext',
    moduleResolution: 'Bundler',
    allowImportingTsExtensions: true,
    paths: { 'sdk/*': [join(sdk, '*')] },
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['dashboard.ts'] }));
  return new Promise((resolve) => {
    execFile(process.execPath, [tsc, '-p', folder], (_error, stdout, stderr) => resolve(stdout + stderr));
  });
}

describe('Grafana’s types', () => {
  it('accept every member of the dashboard', async () => {
    expect(await complaints(grafanaDashboard())).toBe('');
  });

  it.each([
    [
      'a member that Grafana does not know',
      (json: string) => json.replace('"schemaVersion"', '"schemaVersoin":1,"schemaVersion"'),
      /schemaVersoin/,
    ],
    [
      'a missing member',
      (json: string) =>
        JSON.stringify(JSON.parse(json), (key, value: unknown) => (key === 'templating' ? undefined : value)),
      /templating/,
    ],
    ['a value outside its set', (json: string) => json.replace('"mode":"absolute"', '"mode":"relative"'), /relative/],
    ['an unknown option of a panel', (json: string) => json.replace('"graphMode"', '"grahpMode"'), /grahpMode/],
    ['an unknown drawing style', (json: string) => json.replace('"drawStyle":"line"', '"drawStyle":"lines"'), /lines/],
    ['an unknown member of a query', (json: string) => json.replace('"legendFormat"', '"legend"'), /legend/],
  ])('refuse %s', async (_what, spoil, named) => {
    const whole = JSON.stringify(grafanaDashboard());
    const spoilt = spoil(whole);
    expect(spoilt).not.toBe(whole);
    expect(await complaints(JSON.parse(spoilt))).toMatch(named);
  });
});
