import { describeCacheContract } from '@clarity/flags-testing/contracts';
import { cacheHarness } from './memory-harness.ts';

describeCacheContract('memory cache', cacheHarness());
