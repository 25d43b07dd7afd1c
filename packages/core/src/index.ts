/** The plain client: `@clarity/flags-core`. */
export { boundFor } from './client/options/bound-for.ts';
export { createFlagClient } from './client/create-flag-client.ts';
export type {
  BooleanKey,
  FlagRegistry,
  FlagSpec,
  FlagSpecs,
  TypedFlags,
  ValueOf,
} from './client/typed/define-flags.ts';
export { defineFlags, flag } from './client/typed/define-flags.ts';
export type { DetectedEnvironment, Environment } from './client/options/environment.ts';
export { detectEnvironment } from './client/options/environment.ts';
export type { ClientEvents } from './client/events/events.ts';
export type { Exposure, ExposureCounts, ExposureOptions } from './client/answers/exposures.ts';
export type { FallbackSources } from './client/options/fallback.ts';
export { fallback } from './client/options/fallback.ts';
export type { ClientEvaluationDetails, FlagEvaluations, PinnedFlags } from './client/answers/flag-evaluations.ts';
export type { FlagClient, ReadyOptions } from './client/flag-client.ts';
export type { ActiveOverride, OverrideOptions } from './client/answers/overrides.ts';
export type { GuardOptions, MethodGuard } from './client/typed/guard.ts';
export { featureFlag, whenEnabled } from './client/typed/guard.ts';
export type { Health, HealthProblem } from './client/health.ts';
export type { Hook, HookContext } from './ports/hook.ts';
export type { Logger } from './client/events/logger.ts';
export { consoleLogger } from './client/events/logger.ts';
export { InvalidOptionsError } from './client/options/option-reader.ts';
export type { BreakerOptions, FlagClientOptions } from './client/options/options.ts';
export { featureFlagHealth, getFlagClient, isFeatureEnabled, setFlagClient } from './client/process-wide.ts';
export { NotReadyError } from './client/readiness.ts';
export type { StandardSchema } from './client/typed/standard-schema.ts';
export type { Bound } from './refresh/bound.ts';
export type {
  BreakerStateName,
  FeedState,
  Freshness,
  FreshnessState,
  RefreshFailureReason,
  RefreshProblem,
  RejectedDocument,
} from './refresh/freshness.ts';
export type { LogEntry, LogLevel } from './refresh/protocol.ts';
export type { LostWrites } from './refresh/lost-writes.ts';
export type { Origin } from './refresh/snapshot.ts';
export type { RefreshResult } from './refresh/protocol.ts';
export type { RefreshMode } from './refresh/settings.ts';
export type { CountedRevision, HashRevision, Revision } from './document/revision.ts';
export type { FlagDocument, FlagValue } from './document/types.ts';
export type { FlagSpan, FlagTracer } from './ports/tracer.ts';
export type { EvaluationContext } from './evaluation/context.ts';
export type {
  Answer,
  ContextProblem,
  EvaluationDetails,
  EvaluationErrorCode,
  EvaluationReason,
} from './evaluation/details.ts';
