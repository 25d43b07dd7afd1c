import type { Freshness } from '@clarity/flags-core';
import { Breaker, Refresh, type RefreshError, Staleness } from '@clarity/flags-core/effect';
import * as Effect from 'effect/Effect';
import * as Stream from 'effect/Stream';

/** What happens between the client and its store. */
export type Report =
  | { readonly _tag: 'Changed'; readonly keys: readonly string[] }
  | { readonly _tag: 'Failed'; readonly error: RefreshError }
  | { readonly _tag: 'Breaker'; readonly to: Freshness['breaker']['state'] }
  | { readonly _tag: 'Flags'; readonly are: Freshness['state'] };

/** All of it as one stream, from now on. It fails with nothing: a refresh that failed is an event, too. */
export const reports: Stream.Stream<Report, never, Refresh | Breaker | Staleness> = Stream.unwrap(
  Effect.gen(function* () {
    const [refresh, breaker, staleness] = [yield* Refresh, yield* Breaker, yield* Staleness];
    return Stream.mergeAll<Report, never, never>(
      [
        Stream.map(refresh.changes, ({ keys }) => ({ _tag: 'Changed', keys })),
        Stream.map(refresh.failures, (error) => ({ _tag: 'Failed', error })),
        Stream.map(breaker.changes, ({ to }) => ({ _tag: 'Breaker', to })),
        Stream.map(staleness.changes, ({ state }) => ({ _tag: 'Flags', are: state })),
      ],
      { concurrency: 'unbounded' },
    );
  }),
);

/** One line of the log. */
export function sentence(report: Report): string {
  switch (report._tag) {
    case 'Changed':
      return `Changed: ${report.keys.join(', ') || 'no flag'}`;
    case 'Failed':
      return `Failed: ${report.error._tag}. ${remedy(report.error)}`;
    case 'Breaker':
      return `Breaker: ${report.to}`;
    case 'Flags':
      return `Flags: ${report.are}`;
  }
}

/** What this program would do about it. Without an answer to each error of the union this does not compile. */
function remedy(error: RefreshError): string {
  switch (error._tag) {
    case 'BreakerOpen':
      return `The store is left alone for ${error.retryAfterMs} ms`;
    case 'StoreThrottled':
      return `The store asked for ${error.retryAfterMs ?? 'some'} ms`;
    case 'StoreUnavailable':
    case 'RefreshTimedOut':
      return 'The client goes on trying';
    case 'StoreUnauthorized':
      return `Mend the credentials: ${error.message}`;
    case 'DocumentMissing':
    case 'RevisionOlder':
      return `Publish again: ${error.message}`;
    case 'DocumentInvalid':
      return error.tooLarge ? 'Take flags out that nobody needs' : `Mend the document: ${error.message}`;
    case 'FlagsClosed':
      return 'The program ends';
  }
}
