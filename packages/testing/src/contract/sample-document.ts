/** Flag documents for the suites: valid, and each one different. */

/** The `n`-th document. Holds text that a store must not touch: several bytes a letter, escapes, a prototype's name. */
export function sampleDocument(n: number, padding = ''): string {
  return JSON.stringify(
    {
      schemaVersion: 1,
      environment: 'test',
      flags: {
        counter: { status: 'enabled', description: `document ${n}`, metadata: { n } },
        'käse-🧀': { status: 'disabled', description: `quotes " and \\ and \n and \u2028 and ${padding}` },
        constructor: { status: 'canary', rolloutPercentage: 12.5 },
      },
    },
    null,
    2,
  );
}

/** A document with one flag for each name. */
export function documentWithFlags(names: readonly string[]): string {
  const flags = Object.fromEntries(names.map((name) => [name, { status: 'enabled' }]));
  return JSON.stringify({ schemaVersion: 1, flags });
}

export function flagNames(text: string): readonly string[] {
  const { flags } = JSON.parse(text) as { readonly flags: Readonly<Record<string, unknown>> };
  return Object.keys(flags);
}

/** Whole texts that no decoder takes for a flag document. */
export const NOT_DOCUMENTS: readonly string[] = [
  '',
  'null',
  '[]',
  '{}',
  '{"schemaVersion":1,"flags":{"a":{"status":"enabled"}}',
  '<!doctype html><html><body>Sign in to the guest network</body></html>',
  '{"schemaVersion":1,"flags":{"a":{"status":"canary","rolloutPercentage":"many"}}}',
];
