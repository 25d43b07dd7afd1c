import { defineConfig } from 'tsup';
import { base, entries, ours } from '../../tsup.config.base.ts';

// The second is for runtimes that lack what the first needs: "exports" names it under their conditions.
export default defineConfig({ ...base, entry: [...entries(), 'src/without-node.ts'], noExternal: ours });
