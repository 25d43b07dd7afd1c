import { defineConfig } from 'tsup';
import { base, entries } from '../../tsup.config.base.ts';

// The second is for runtimes that lack what the first needs: "exports" names it under their conditions.
export default defineConfig({ ...base, entry: [...entries(), 'src/no-file-system.ts'] });
