// Types of both formats meet in one program.
import { createFlagClient, type FlagClient } from '@clarity/flags-core';
import { createFlagHandler } from '@clarity/flags-http';
import { memoryStore } from '@clarity/flags-testing';
import { byRequire, takesOne } from './by-require.cjs';

const byImport: FlagClient = createFlagClient({ source: memoryStore().source });
takesOne(byImport);
createFlagHandler({ client: byRequire });
export const either: FlagClient = byRequire;
