// The plan of the house: which package and which folder may import which. ARCHITECTURE.md draws the same.

/**
 * What a package is to the others. An adapter knows only core's ports. `http` knows core's types and the values of
 * its ports. `testing` knows core. A composition root puts several together.
 *
 * @type {Readonly<Record<string, 'core' | 'adapter' | 'http' | 'testing' | 'root'>>}
 */
export const packageRoles = {
  core: 'core',
  file: 'adapter',
  fetch: 'adapter',
  redis: 'adapter',
  upstash: 'adapter',
  ssm: 'adapter',
  prometheus: 'adapter',
  otlp: 'adapter',
  http: 'http',
  testing: 'testing',
  express: 'root',
  node: 'root',
  cli: 'root',
};

/** Inside core/src: each folder may import itself and those listed. */
const pureFloors = ['document', 'evaluation', 'ports', 'decision'];

/** @type {Readonly<Record<string, readonly string[]>>} */
export const coreFolders = {
  document: [],
  evaluation: ['document'],
  ports: ['document', 'evaluation'],
  decision: ['document', 'evaluation', 'ports'],
  engine: pureFloors,
  edge: pureFloors,
  client: [...pureFloors, 'engine', 'edge'],
  threads: [...pureFloors, 'engine', 'client'],
  // What the entry src/effect.ts may need room for.
  effect: [...pureFloors, 'engine', 'client'],
};

/** Entry files of core that must stay small: the folders each may reach. Other entries may reach every folder. */
export const coreEntries = /** @type {Readonly<Record<string, readonly string[]>>} */ ({
  'evaluation.ts': ['document', 'evaluation'],
  'explain.ts': ['document', 'evaluation'],
  'ports.ts': ['document', 'evaluation', 'ports'],
  'edge.ts': [...pureFloors, 'edge'],
  'edge-signals.ts': [...pureFloors, 'edge'],
  'index.ts': [...pureFloors, 'engine', 'edge', 'client'],
});

/** Folders and files of core/src that may import Effect. */
export const effectRooms = ['engine', 'effect', 'effect.ts'];

/** Folders and entry files of core/src that run on every runtime and so import nothing of Node. */
export const runtimeFreeRooms = [
  ...pureFloors,
  'edge',
  'evaluation.ts',
  'explain.ts',
  'ports.ts',
  'edge.ts',
  'edge-signals.ts',
];

/** Folders whose folders stand alone: each is copied as it is, and so imports packages by name and its own files. */
export const copied = ['examples'];

/** Folders outside of packages that may import core's sources: what they test is no entry's. */
export const insiders = ['tests/simulation'];
