import type { AlertRule } from './alert-rules.ts';
import { duration } from './promql.ts';

/** The rules as a Prometheus rules file. */
export function rulesYaml(rules: readonly AlertRule[]): string {
  const lines = ['groups:', '  - name: feature-flags', '    rules:'];
  for (const { name, severity, expr, forMs, summary, description, runbookUrl } of rules) {
    lines.push(
      `      - alert: ${name}`,
      `        expr: ${quoted(expr)}`,
      `        for: ${duration(forMs)}`,
      '        labels:',
      `          severity: ${severity}`,
      '        annotations:',
      `          summary: ${quoted(summary)}`,
      `          description: ${quoted(description)}`,
      `          runbook_url: ${quoted(runbookUrl)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Every JSON string is a double-quoted scalar of YAML 1.2. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
