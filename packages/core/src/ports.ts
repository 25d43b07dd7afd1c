/**
 * What a store, a cache, a hook or a metrics sink is to a client, and the error that stores reject with:
 * `@clarity/flags-core/ports`. What an adapter is built with stands in `./adapter-kit`.
 */
export type { Problem, SetAside } from './document/types.ts';
export type { CountedRevision, HashRevision, Revision, RevisionOrder } from './document/revision.ts';
export { compareRevisions, formatRevision, isCounted } from './document/revision.ts';
export type { EvaluationContext } from './evaluation/context.ts';
export type { HistoryEntry } from './history/entry.ts';
export type { EvaluationDetails } from './evaluation/details.ts';
export type { CounterName, GaugeName, HistogramName } from './metrics/metric-catalog.ts';
export type { MetricLabels, MetricsSink } from './metrics/metrics-sink.ts';
export { isCalledOff } from './ports/called-off.ts';
export type { FeedListener, FlagFeed, Notice } from './ports/feed.ts';
export type { FlagStore, StoreRoles } from './ports/flag-store.ts';
export type { FlagHistory, HistoryPage, HistoryQuery, PublicationNote } from './ports/history.ts';
export type { Hook, HookContext } from './ports/hook.ts';
export type { FlagPublisher, PublishedRevision, PublishWarning } from './ports/publisher.ts';
export type { CachedSnapshot, SnapshotCache } from './ports/snapshot-cache.ts';
export type { FlagSource, ReadDocument, ReadResult, Unchanged } from './ports/source.ts';
export type { StoreErrorDetails, StoreErrorReason } from './ports/store-error.ts';
export { calledOffError, isStoreError, STORE_ERROR_REASONS, StoreError, toStoreError } from './ports/store-error.ts';
export type { StoreFinding, StoreInspection, StoreInspector } from './ports/store-inspector.ts';
export type { StoreRights, StoreSetup } from './ports/store-setup.ts';
