/** All that an adapter may import: `@clarity/flags-core/ports`. */
export type { DecodeLimits, DecodeResult } from './document/decode.ts';
export { decodeDocument } from './document/decode.ts';
export type { CountedRevision, HashRevision, Revision, RevisionOrder } from './document/revision.ts';
export { compareRevisions, formatRevision, isCounted } from './document/revision.ts';
export { checkedName, requireOptions } from './ports/adapter-options.ts';
export { CallScope } from './ports/call-scope.ts';
export type { ClientStanding } from './ports/client-gauges.ts';
export { setClientGauges } from './ports/client-gauges.ts';
export type { EvaluationContext } from './evaluation/context.ts';
export { targetingKeyOf } from './evaluation/context.ts';
export type { EvaluationDetails } from './evaluation/details.ts';
export type { FeedListener, FlagFeed, Notice } from './ports/feed.ts';
export type { Hook, HookContext } from './ports/hook.ts';
export type { CounterName, GaugeName, HistogramName, MetricDefinition, MetricName } from './ports/metric-catalog.ts';
export { METRIC_CATALOG } from './ports/metric-catalog.ts';
export type { MetricFamily, MetricSeries, MetricTable, MetricTableOptions } from './ports/metric-table.ts';
export { metricTable } from './ports/metric-table.ts';
export type { MetricLabels, MetricsSink } from './ports/metrics-sink.ts';
export { assertPublishable } from './ports/publishable.ts';
export type { FlagPublisher } from './ports/publisher.ts';
export type { CachedSnapshot, SnapshotCache } from './ports/snapshot-cache.ts';
export { redact } from './ports/redact.ts';
export type { RedisLayout, RedisLayoutOptions, RedisRecord } from './ports/redis-layout.ts';
export {
  DEFAULT_NAMESPACE,
  parseRedisRecord,
  REDIS_DOCUMENT_FIELDS,
  REDIS_REVISION_FIELDS,
  redisLayout,
} from './ports/redis-layout.ts';
export type { RedisNoticeScope } from './ports/redis-notice.ts';
export { encodeRedisNotice, parseRedisNotice } from './ports/redis-notice.ts';
export type { RedisPublication } from './ports/redis-publish.ts';
export {
  parseRedisPublishReply,
  REDIS_PUBLISH_SCRIPT,
  redisPublishArguments,
  redisWrongType,
} from './ports/redis-publish.ts';
export type { FlagSource, ReadDocument, ReadResult, Unchanged } from './ports/source.ts';
export type { StoreErrorDetails, StoreErrorReason } from './ports/store-error.ts';
export { isStoreError, STORE_ERROR_REASONS, StoreError, toStoreError } from './ports/store-error.ts';
export { textHash } from './ports/text-hash.ts';
