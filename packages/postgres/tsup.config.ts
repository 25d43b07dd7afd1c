import { defineConfig } from 'tsup';
import { base, entries } from '../../tsup.config.base.ts';

export default defineConfig({ ...base, entry: entries() });
