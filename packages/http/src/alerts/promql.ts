/** Pieces of PromQL and of Prometheus's configuration. */

/** Label values that narrow every expression, by label name: `{ job: 'shop' }`. */
export type Selector = Readonly<Record<string, string>>;

const LABEL_NAME = /^[A-Za-z_]\w*$/;

/**
 * The selector as it stands behind a metric's name, or nothing when it is empty.
 *
 * @throws {TypeError} when a label's name is not one that Prometheus takes, or its value is not a text.
 */
export function matchers(selector: Selector): string {
  const parts = Object.entries(selector).map(([label, value]) => {
    if (!LABEL_NAME.test(label) || typeof value !== 'string') {
      throw new TypeError(
        `a label of the selector is ${JSON.stringify(label)} with a value of type ${typeof value}; allowed is a Prometheus label ` +
          "name (letters, digits, '_', not beginning with a digit) with a text as its value",
      );
    }
    return `${label}=${JSON.stringify(value)}`;
  });
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

/** Milliseconds as Prometheus writes durations, in the largest unit that is exact: `5m`, `90s`, `1500ms`. */
export function duration(ms: number): string {
  if (ms === 0) return '0s';
  if (ms % 60_000 === 0) return `${ms / 60_000}m`;
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
