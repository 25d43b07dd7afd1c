import { feedChecks, publisherChecks, sourceChecks } from '@clarity/flags-testing/checks';
import { stopSharedServer } from '../../../live/postgres/place.ts';
import { feedHarness, publisherHarness, sourceHarness } from '../../../live/postgres/postgres-harness.ts';
import { runChecks } from './run-checks.ts';

await runChecks({
  source: sourceChecks(sourceHarness),
  feed: feedChecks(feedHarness),
  publisher: publisherChecks(publisherHarness),
});
await stopSharedServer();
