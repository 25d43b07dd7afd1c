import { cacheChecks, feedChecks, publisherChecks, sourceChecks } from '@clarity/flags-testing/checks';
import {
  cacheHarness,
  feedHarness,
  publisherHarness,
  sourceHarness,
} from '../../../../packages/file/test/file-harness.ts';
import { runChecks } from './run-checks.ts';

await runChecks({
  source: sourceChecks(sourceHarness),
  feed: feedChecks(feedHarness),
  publisher: publisherChecks(publisherHarness),
  cache: cacheChecks(cacheHarness),
});
