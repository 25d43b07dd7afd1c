import type { DemoStore } from './store.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** The page at `/`: what there is to try. */
export function overview({ where, howToChange }: Pick<DemoStore, 'where' | 'howToChange'>): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Clarity Flags demo</title>
<style>
:root { color-scheme: light dark; }
body { font: 1rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem; }
li { margin: .4rem 0; }
</style>
</head>
<body>
<main>
<h1>Clarity Flags demo</h1>
<p>This server asks <code>${escaped(where)}</code> which features are on. ${escaped(howToChange[0] ?? '')}</p>
<ul>
<li><a href="/flags?userId=u1">Every flag for user u1</a>, and why; <a href="/flags?userId=u7">for u7</a>; <a href="/flags">for nobody in particular</a></li>
<li><a href="/risk/u1">The risk analysis of u1</a> (a beta user) and <a href="/risk/u7">of u7</a>, by <code>mania_risk_analysis</code></li>
<li><a href="/risk/u1?fail">The same when the model fails</a>, by <code>graceful_degradation</code></li>
<li><a href="/insights/u1">Weekly sleep summary of u1</a>; for <code>u7</code> the route is not there, by <code>sleep_insights</code></li>
<li><a href="/feature-flags/">All of it live</a>, with the token that the server printed when it started</li>
<li><a href="/feature-flags/health">Health</a>, <a href="/feature-flags/ready?strict">readiness</a> and <a href="/feature-flags/live">liveness</a> of the flags</li>
<li><a href="/metrics/feature-flags/prometheus">Metrics for Prometheus</a>, <a href="/metrics/feature-flags/dashboard">the same as JSON</a>, <a href="/metrics/feature-flags/alerts">active alerts</a>, <a href="/metrics/feature-flags/rules">alert rules</a> and <a href="/metrics/feature-flags/grafana">a Grafana dashboard</a></li>
</ul>
</main>
</body>
</html>
`;
}
