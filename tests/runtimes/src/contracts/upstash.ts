import { feedChecks, publisherChecks, sourceChecks, withDeviations } from '@clarity/flags-testing/checks';
import {
  feedHarness,
  publisherHarness,
  sourceHarness,
  startSharedRedis,
  stopSharedRedis,
} from '../../../live/upstash/upstash-harness.ts';
import { keptByDeno, runChecks } from './run-checks.ts';

await startSharedRedis();
await runChecks({
  source: withDeviations(sourceChecks(sourceHarness('@clarity/flags-upstash')), keptByDeno),
  publisher: withDeviations(publisherChecks(publisherHarness('@clarity/flags-upstash')), keptByDeno),
  feed: withDeviations(feedChecks(feedHarness), keptByDeno),
});
await stopSharedRedis();
