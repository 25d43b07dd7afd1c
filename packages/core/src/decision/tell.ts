import type { CounterName, GaugeName } from '../ports/metric-catalog.ts';
import type { MetricLabels } from '../ports/metrics-sink.ts';
import type { LogEntry } from './log.ts';
import type { Turn } from './turn.ts';

export function log(turn: Turn, level: LogEntry['level'], message: string, fields: LogEntry['fields'] = {}): void {
  turn.commands.push({ kind: 'log', entry: { level, message, fields } });
}

export function count(turn: Turn, name: CounterName, labels: MetricLabels = {}): void {
  turn.commands.push({ kind: 'count', name, labels });
}

export function gauge(turn: Turn, name: GaugeName, value: number, labels: MetricLabels = {}): void {
  turn.commands.push({ kind: 'gauge', name, value, labels });
}
