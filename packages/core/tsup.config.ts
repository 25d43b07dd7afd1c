import { defineConfig } from 'tsup';
import { base, entries, nodeModules } from '../../tsup.config.base.ts';

const effectFace = 'src/effect.ts';

// Two passes. Plain users install no Effect: what the engine needs of it is copied in and tree-shaken, in chunks that
// `./evaluation` never reaches. Users of `./effect` bring their own, so that its values are the ones they know.
export default defineConfig([
  { ...base, entry: entries().filter((entry) => entry !== effectFace), noExternal: [/^effect(\/|$)/] },
  { ...base, entry: [effectFace], external: [...nodeModules, /^effect(\/|$)/] },
]);
