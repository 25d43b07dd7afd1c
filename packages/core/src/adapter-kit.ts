/**
 * What an adapter is built with: `@clarity/flags-core/adapter-kit`. What it has to be stands in `./ports`, with
 * `StoreError`.
 */
export {
  checkedChoice,
  checkedDuration,
  checkedMaxBytes,
  checkedName,
  checkedNumber,
  checkedSwitch,
  describeOption,
  requireFunction,
  requireOptions,
  showOption,
} from './adapter-kit/adapter-options.ts';
export type { Backoff } from './adapter-kit/backoff.ts';
export { backoffMs } from './adapter-kit/backoff.ts';
export { CallScope } from './adapter-kit/call-scope.ts';
export { decodeReading } from './adapter-kit/decode-reading.ts';
export type { EpochQuestion, NextEpoch } from './adapter-kit/epoch-rule.ts';
export { EpochFloor, isLost, LOST_WRITES_REMEDY, nextEpoch } from './adapter-kit/epoch-rule.ts';
export { flagStore } from './adapter-kit/flag-store.ts';
export type { KeptConnection } from './adapter-kit/kept-connection.ts';
export type { KeptSubscriptionSettings } from './adapter-kit/kept-subscription.ts';
export { KeptSubscription } from './adapter-kit/kept-subscription.ts';
export type { NotedPart } from './adapter-kit/noted-part.ts';
export { notedPart } from './adapter-kit/noted-part.ts';
export { outsideRequests } from './adapter-kit/outside-requests.ts';
export { Patience } from './adapter-kit/patience.ts';
export { printable, printableLine } from './adapter-kit/printable.ts';
export type { PublishFacts } from './adapter-kit/publish-warnings.ts';
export { publishWarnings } from './adapter-kit/publish-warnings.ts';
export { assertPublishable } from './adapter-kit/publishable.ts';
export { redact } from './adapter-kit/redact.ts';
export type { EntryPlace } from './adapter-kit/select-entries.ts';
export { selectEntries } from './adapter-kit/select-entries.ts';
export { settledWithin } from './adapter-kit/settled-within.ts';
export type { Subscription, Subscriptions, SubscriptionsOptions } from './adapter-kit/subscriptions.ts';
export { subscriptions } from './adapter-kit/subscriptions.ts';
export { uncached } from './adapter-kit/uncached.ts';
export { unref } from './adapter-kit/unref.ts';
export type { DecodeLimits, DecodeResult } from './document/decode.ts';
export { decodeDocument } from './document/decode.ts';
export { textHash } from './document/text-hash.ts';
export { targetingKeyOf } from './evaluation/context.ts';
export { chainHash, FIRST_PREVIOUS_HASH } from './history/chain.ts';
export type { NewEntry } from './history/entry.ts';
export { entryText, readEntry } from './history/entry.ts';
export { LONGEST_TIMEOUT_MS } from './ports/longest-timeout.ts';
