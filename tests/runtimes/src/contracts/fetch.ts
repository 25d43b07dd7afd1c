import { sourceChecks, withDeviations } from '@clarity/flags-testing/checks';
import { sourceHarness } from '../../../live/fetch/fetch-harness.ts';
import { keptByDeno, runChecks } from './run-checks.ts';

await runChecks({ source: withDeviations(sourceChecks(sourceHarness({ validators: 'etag' })), keptByDeno) });
