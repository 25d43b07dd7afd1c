import type { Health } from '@clarity/flags-core';
import { at, json, type RoutePath, text } from '@clarity/flags-web';
import type { AlertRule } from './alerts/alert-rules.ts';
import type { AlertWatch } from './alerts/alert-watch.ts';
import { rulesYaml } from './alerts/rules-yaml.ts';
import type { GrafanaDashboard } from './grafana/dashboard.ts';
import { dashboardOf } from './metrics/dashboard.ts';
import type { ExpositionFormat } from './metrics/exposition.ts';
import type { ExpositionSource } from './metrics/exposition-source.ts';
import { parseExposition } from './metrics/parse-exposition.ts';
import type { RouteName } from './route-name.ts';
import type { CompleteClient } from './shown-client.ts';

export interface MetricsParts {
  readonly client: CompleteClient;
  readonly source: ExpositionSource;
  readonly alerts: AlertWatch;
  readonly rules: (health: Health) => readonly AlertRule[];
  readonly grafana: GrafanaDashboard;
}

const TYPES: Readonly<Record<ExpositionFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** What is scraped, looked at and alerted on. */
export function metricsRoutes({
  client,
  source,
  alerts,
  rules,
  grafana,
}: MetricsParts): readonly RoutePath<RouteName>[] {
  const access = 'open';
  return [
    at('/prometheus', { name: 'prometheus', access, GET: (request) => exposition(source, request) }),
    at('/dashboard', {
      name: 'dashboard',
      access,
      GET: async () => {
        const samples = parseExposition(await source.text('text'));
        const health = client.health();
        return json(200, dashboardOf(health, alerts.active(health), samples, Date.now()));
      },
    }),
    at('/alerts', { name: 'alerts', access, GET: () => json(200, activeAlerts(client, alerts, rules)) }),
    at('/grafana', { name: 'grafana', access, GET: () => json(200, grafana) }),
    at('/rules', {
      name: 'rules',
      access,
      GET: () => text(200, rulesYaml(rules(client.health())), 'application/yaml; charset=utf-8'),
    }),
  ];
}

async function exposition(source: ExpositionSource, request: Request): Promise<Response> {
  const body = await source.text(wantedFormat(request.headers.get('accept') ?? ''));
  // A library's registry has one format, also when another was asked for; what it gave is known by its end.
  const response = text(200, body, TYPES[body.endsWith('# EOF\n') ? 'openmetrics' : 'text']);
  response.headers.set('Vary', 'Accept');
  return response;
}

/** OpenMetrics for callers who prefer it, as Prometheus does; the older format for everybody else. */
function wantedFormat(accept: string): ExpositionFormat {
  const openmetrics = weight(accept, 'application/openmetrics-text');
  return openmetrics > 0 && openmetrics >= weight(accept, 'text/plain') ? 'openmetrics' : 'text';
}

/** The weight that a header gives to a type, 0 when it does not name it. */
function weight(accept: string, type: string): number {
  let most = 0;
  for (const range of accept.slice(0, 2_000).split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    if (name !== type) continue;
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    const value = q === undefined ? 1 : Number(q.slice(2));
    if (value > most) most = value;
  }
  return most;
}

function activeAlerts(client: CompleteClient, alerts: AlertWatch, rules: MetricsParts['rules']): object {
  const health = client.health();
  return {
    alerts: alerts.active(health),
    // One instance cannot know what only a comparison of all can show.
    not_seen_from_here: rules(health)
      .filter(({ holds }) => holds === null)
      .map(({ name, summary }) => ({ name, summary })),
  };
}
