/**
 * The client for Effect programs: `@clarity/flags-core/effect`. Needs the `effect` package, which the plain client does
 * not.
 */
export type { CircuitBreaker, CircuitBreakerOptions } from './effect/circuit-breaker.ts';
export { BreakerOpen, makeCircuitBreaker, withBreaker } from './effect/circuit-breaker.ts';
export type { FlagStoreShape } from './effect/flag-store.ts';
export { FlagStore } from './effect/flag-store.ts';
export type { FlagsOptions, FlagsShape } from './effect/flags.ts';
export { Flags, FlagsNotReady, layer, layerEffect, makeFlags, RefreshFailed } from './effect/flags.ts';
export { InvalidFlagOptions } from './effect/invalid-flag-options.ts';
export type { EffectFeed, EffectPublisher, EffectSource, FeedSignal } from './effect/ports.ts';
export { liftFeed, liftPublisher, liftSource, lowerFeed, lowerSource } from './effect/ports.ts';
export type { RefreshScheduleOptions } from './effect/refresh-schedule.ts';
export { refreshSchedule } from './effect/refresh-schedule.ts';
