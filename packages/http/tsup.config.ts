import { defineConfig } from 'tsup';
import { base, entries, ours } from '../../tsup.config.base.ts';

export default defineConfig({ ...base, entry: entries(), noExternal: ours });
