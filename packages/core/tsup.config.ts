import { defineConfig, type Options } from 'tsup';
import { base, entries, nodeModules } from '../../tsup.config.base.ts';

/** Where Effect is an application's own, so that its values are the ones it knows. */
const effectFace = 'src/effect.ts';

// Node takes about a millisecond of CPU time for each file that it loads, and entries of one pass share code by files.
// So those that are imported where that counts stand alone, `.` shares one file with `./threads` and `./driver` (their
// errors are the same classes), and the rest share what they like. See docs/decisions/0008-few-files-to-load.md.
const passes = [
  ['src/index.ts', 'src/threads.ts', 'src/driver.ts'],
  ['src/evaluation.ts'],
  ['src/edge.ts'],
  ['src/edge-signals.ts'],
  [
    'src/document.ts',
    'src/definition.ts',
    'src/explain.ts',
    'src/history.ts',
    'src/ports.ts',
    'src/adapter-kit.ts',
    'src/metrics.ts',
  ],
];

const forgotten = entries().filter((entry) => entry !== effectFace && !passes.flat().includes(entry));
if (forgotten.length > 0) throw new Error(`packages/core/tsup.config.ts: give ${forgotten.join(', ')} a pass`);

// Plain users install no Effect: what the engine needs of it is copied in and tree-shaken. Evaluation never throws, so
// nobody reads a stack trace of it: it is minified, which makes its import a quarter cheaper.
const plain = passes.map((entry): Options => ({
  ...base,
  entry,
  minify: entry[0] === 'src/evaluation.ts',
  noExternal: [/^effect(\/|$)/],
}));

export default defineConfig([...plain, { ...base, entry: [effectFace], external: [...nodeModules, /^effect(\/|$)/] }]);
