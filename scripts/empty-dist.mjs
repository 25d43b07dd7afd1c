// Removes the dist folder of the package that it is run in, so that no chunk of an older build is ever packed.
import { rmSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });
