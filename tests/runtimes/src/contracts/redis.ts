import { feedChecks, publisherChecks, sourceChecks } from '@clarity/flags-testing/checks';
import { feedHarness, publisherHarness, sourceHarness } from '../../../live/redis/redis-harness.ts';
import { runChecks } from './run-checks.ts';

await runChecks({
  source: sourceChecks(sourceHarness),
  feed: feedChecks(feedHarness),
  publisher: publisherChecks(publisherHarness),
});
