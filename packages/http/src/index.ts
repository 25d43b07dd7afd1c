export type { Authorizer } from './authorizer.ts';
export type { ErrorListener } from './error-report.ts';
export type { FlagHandler, FlagHandlerOptions } from './flag-handler.ts';
export { createFlagHandler } from './flag-handler.ts';
