import { describeSourceContract } from '@clarity/flags-testing/contracts';
import { sourceHarness } from './fetch-harness.ts';

describeSourceContract('fetch, server with ETag and Last-Modified', sourceHarness({ validators: 'both' }));
describeSourceContract('fetch, server with ETag', sourceHarness({ validators: 'etag' }));
describeSourceContract('fetch, server with Last-Modified', sourceHarness({ validators: 'last-modified' }));
describeSourceContract('fetch, server without validators', sourceHarness({ validators: 'none' }));
