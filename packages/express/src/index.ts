export type { ErrorListener } from './error-report.ts';
export type { RequestContext } from './request-flags.ts';
export type { RequireFlagOptions } from './require-flag.ts';
export { requireFlag } from './require-flag.ts';
export type { GivenClientOptions, OwnClientOptions, SetupOptions } from './setup-feature-flags.ts';
export { setupFeatureFlags } from './setup-feature-flags.ts';
