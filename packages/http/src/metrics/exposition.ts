/**
 * Prometheus's text format 0.0.4 and OpenMetrics 1.0, as https://prometheus.io/docs/instrumenting/exposition_formats
 * and the OpenMetrics specification give them.
 */
import type { MetricDefinition, MetricFamily, MetricSeries } from '@clarity/flags-core/metrics';

export type ExpositionFormat = 'text' | 'openmetrics';

export function renderExposition(families: Iterable<MetricFamily>, format: ExpositionFormat): string {
  const lines: string[] = [];
  for (const { name, definition, series } of families) {
    // OpenMetrics names a counter's family without the suffix that its samples carry.
    const family = format === 'openmetrics' && definition.type === 'counter' ? name.replace(/_total$/, '') : name;
    const help = format === 'openmetrics' ? escapeLabel(definition.help) : escapeHelp(definition.help);
    lines.push(`# HELP ${family} ${help}`, `# TYPE ${family} ${definition.type}`);
    for (const one of series) {
      if (definition.type === 'histogram') pushHistogram(lines, name, definition, one, format);
      else lines.push(`${name}${labelText(labelsOf(definition, one))} ${numberText(one.value)}`);
    }
  }
  if (format === 'openmetrics') lines.push('# EOF');
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function pushHistogram(
  lines: string[],
  name: string,
  definition: MetricDefinition & { readonly type: 'histogram' },
  one: MetricSeries,
  format: ExpositionFormat,
): void {
  const { value, buckets } = one;
  const labels = labelsOf(definition, one);
  let cumulated = 0;
  for (const [at, count] of buckets.entries()) {
    cumulated += count;
    const bound = boundText(definition.buckets[at] ?? Number.POSITIVE_INFINITY, format);
    lines.push(`${name}_bucket${labelText([...labels, ['le', bound]])} ${cumulated}`);
  }
  const text = labelText(labels);
  lines.push(`${name}_sum${text} ${numberText(value)}`, `${name}_count${text} ${cumulated}`);
}

type Label = readonly [name: string, value: string];

function labelsOf({ labels: names }: MetricDefinition, { labels, client }: MetricSeries): readonly Label[] {
  const own = names.map((name, at): Label => [name, labels[at] ?? '']);
  return client === '' ? own : [...own, ['client', client]];
}

function labelText(labels: readonly Label[]): string {
  if (labels.length === 0) return '';
  return `{${labels.map(([name, value]) => `${name}="${escapeLabel(value)}"`).join(',')}}`;
}

/** OpenMetrics wants a bound to be written as the float that it is, so that `1` and `1.0` are not two series. */
function boundText(bound: number, format: ExpositionFormat): string {
  return format === 'openmetrics' && Number.isInteger(bound) ? `${bound}.0` : numberText(bound);
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
