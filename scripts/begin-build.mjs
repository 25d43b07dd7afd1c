// Begins the build of the package that it is run in: removes its dist folder, so that no chunk of an older build is
// ever packed, and notes what the new one is built from, so that no test takes an older one for it.
import { rmSync } from 'node:fs';
import { noteSources } from './built-from.mjs';

rmSync('dist', { recursive: true, force: true });
noteSources('.');
