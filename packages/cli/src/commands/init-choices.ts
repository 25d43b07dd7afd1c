export const STORES = ['file', 'https', 'redis', 'upstash', 'ssm'] as const;
export const PROGRAMS = ['node', 'express'] as const;

export type StoreKind = (typeof STORES)[number];
export type ProgramKind = (typeof PROGRAMS)[number];

export interface InitOptions {
  readonly store?: StoreKind;
  readonly program?: ProgramKind;
  readonly yes?: boolean;
}
