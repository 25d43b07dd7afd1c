/**
 * The client for Effect programs: `@clarity/flags-core/effect`. The only entry here that needs the `effect` package.
 */
export type { BreakerShape } from './effect/breaker.ts';
export { Breaker } from './effect/breaker.ts';
export type { CircuitBreaker, CircuitBreakerOptions } from './effect/circuit-breaker.ts';
export { makeCircuitBreaker, withBreaker } from './effect/circuit-breaker.ts';
export { effectMetrics } from './effect/effect-metrics.ts';
export { evaluationSpans } from './effect/evaluation-spans.ts';
export type { RefreshError } from './effect/errors.ts';
export {
  BreakerOpen,
  DocumentInvalid,
  DocumentMissing,
  FlagsClosed,
  RefreshTimedOut,
  RevisionOlder,
  StoreThrottled,
  StoreUnauthorized,
  StoreUnavailable,
} from './effect/errors.ts';
export type { FlagServices, FlagServicesShape, FlagsFromStoreOptions, FlagsOptions } from './effect/flag-services.ts';
export { flagsFromConfig, flagsFromStore, flagsLayer, flagsLayerEffect, makeFlags } from './effect/flag-services.ts';
export type { ClosableStore, FlagStoreShape } from './effect/flag-store.ts';
export { FlagStore } from './effect/flag-store.ts';
export type { FlagVariables } from './effect/flags-config.ts';
export { FlagsConfig } from './effect/flags-config.ts';
export type { FlagsShape } from './effect/flags.ts';
export { Flags, FlagsNotReady } from './effect/flags.ts';
export { InvalidFlagOptions } from './effect/invalid-flag-options.ts';
export type { EffectFeed, EffectPublisher, EffectSource, FeedSignal } from './effect/ports.ts';
export { liftFeed, liftPublisher, liftSource, lowerFeed, lowerSource } from './effect/ports.ts';
export type { Refreshed, RefreshShape } from './effect/refresh.ts';
export { Refresh } from './effect/refresh.ts';
export type { Revealed } from './effect/revealed.ts';
export { revealed } from './effect/revealed.ts';
export type { RhythmOptions, RhythmSchedule } from './effect/rhythm.ts';
export { refreshRhythm } from './effect/rhythm.ts';
export type { StalenessShape } from './effect/staleness.ts';
export { Staleness } from './effect/staleness.ts';
export type { Beat } from './refresh/rhythm.ts';
