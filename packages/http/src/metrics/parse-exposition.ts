import { METRIC_CATALOG } from '@clarity/flags-core/metrics';

/** One line of an exposition. */
export interface Sample {
  /** The sample's own name: that of a histogram ends with `_bucket`, `_sum` or `_count`. */
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

const SUFFIXES = ['', '_bucket', '_sum', '_count'];
const OURS: ReadonlySet<string> = new Set(
  Object.entries(METRIC_CATALOG).flatMap(([name, { type }]) =>
    type === 'histogram' ? SUFFIXES.map((suffix) => name + suffix) : [name],
  ),
);

// Name, labels (a brace within quotes does not end them), value; what may follow is a time or an exemplar.
const LINE = /^([A-Za-z_:][\w:]*)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})? +(\S+)(?: .*)?$/s;
// Each label ends with a quote that no backslash escapes.
const LABEL = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)",?/gs;

/**
 * The samples of our own metrics in an exposition: ours, or the registry of a metrics library, which holds
 * others beside them. Lines that are not understood are left out.
 */
export function parseExposition(text: string): readonly Sample[] {
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('#') || !line.startsWith('feature_flag_')) continue;
    const [, name = '', labelText = '', valueText = ''] = LINE.exec(line) ?? [];
    if (!OURS.has(name)) continue;
    const value = numberOf(valueText);
    if (value === undefined) continue;
    const labels = new Map<string, string>();
    for (const [, label = '', raw = ''] of labelText.matchAll(LABEL)) labels.set(label, unescaped(raw));
    samples.push({ name, labels, value });
  }
  return samples;
}

function numberOf(text: string): number | undefined {
  switch (text) {
    case '+Inf':
      return Number.POSITIVE_INFINITY;
    case '-Inf':
      return Number.NEGATIVE_INFINITY;
    case 'NaN':
      return undefined;
    default: {
      const value = Number(text);
      return Number.isNaN(value) ? undefined : value;
    }
  }
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/gs, (_all, character: string) => (character === 'n' ? '\n' : character));
}
