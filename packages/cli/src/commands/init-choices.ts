export const STORES = ['file', 'https', 'redis', 'postgres', 'upstash', 'ssm'] as const;
export const PROGRAMS = ['node', 'express'] as const;

/** Folders of `examples`. */
export const EXAMPLES = [
  'express-server',
  'nest-app',
  'next-app',
  'hono',
  'bun-server',
  'deno-server',
  'worker',
  'lambda-ssm',
  'effect-app',
  'clarity-digital-twin',
] as const;

export type StoreKind = (typeof STORES)[number];
export type ProgramKind = (typeof PROGRAMS)[number];

export type ExampleName = (typeof EXAMPLES)[number];

export interface InitOptions {
  readonly example?: ExampleName;
  readonly store?: StoreKind;
  readonly program?: ProgramKind;
  readonly yes?: boolean;
}
