// Set up before each file of the project that tests what npm users get.
import { fileURLToPath } from 'node:url';
import { requireBuilt } from '../../../scripts/built-from.mjs';

requireBuilt(fileURLToPath(new URL('../../..', import.meta.url)));
