import { defineConfig } from 'tsup';
import { base, entries } from '../../tsup.config.base.ts';

// What makes the hashes is copied in: it is an ES module, which Jest loads by no `require`.
export default defineConfig({ ...base, entry: entries(), noExternal: [/^@noble\/hashes\//] });
