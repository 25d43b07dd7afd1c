import { defineConfig } from 'tsup';
import { base, entries } from '../../tsup.config.base.ts';

// What reads a text with its places is copied in: its CommonJS is one that bundlers for servers cannot follow.
export default defineConfig({ ...base, entry: entries(), noExternal: ['jsonc-parser'] });
