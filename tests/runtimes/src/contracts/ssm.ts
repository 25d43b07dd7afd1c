import { publisherChecks, sourceChecks } from '@clarity/flags-testing/checks';
import { chunkedSourceHarness, publisherHarness } from '../../../../packages/ssm/test/ssm-harness.ts';
import { runChecks } from './run-checks.ts';

await runChecks({
  source: sourceChecks(chunkedSourceHarness),
  publisher: publisherChecks(publisherHarness('chunked')),
});
