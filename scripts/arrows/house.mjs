// The plan of the house: which package and which folder may import which. ARCHITECTURE.md draws the same.

/**
 * What a package is to the others. What is `pure` computes from documents, in browsers too: it knows the pure entries
 * of core. A `part` is private and bundled into others: it knows core's contracts and kit, as an adapter does. A face
 * knows core's types, the values of these, and what is pure. `testing` knows core. A composition root puts several
 * together.
 *
 * @type {Readonly<Record<string, 'core' | 'pure' | 'part' | 'adapter' | 'face' | 'testing' | 'root'>>}
 */
export const packageRoles = {
  core: 'core',
  changes: 'pure',
  'redis-protocol': 'part',
  web: 'part',
  file: 'adapter',
  fetch: 'adapter',
  redis: 'adapter',
  upstash: 'adapter',
  ssm: 'adapter',
  postgres: 'adapter',
  prometheus: 'adapter',
  otlp: 'adapter',
  http: 'face',
  testing: 'testing',
  express: 'root',
  node: 'root',
  cli: 'root',
};

/** Entries of core that adapters are written with. */
export const adapterEntries = ['ports', 'adapter-kit', 'metrics'];

/** Entries of core that compute from documents and their history alone: what is pure is made of them. */
export const pureEntries = ['definition', 'document', 'evaluation', 'explain', 'history'];

/** Where an adapter speaks Effect: this file of its sources and the folder of its name. */
export const adapterEffectRooms = ['effect.ts', 'effect'];

/**
 * Private packages, and the packages that they are bundled into.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const bundledInto = { 'redis-protocol': ['redis', 'upstash'], web: ['http'] };

/** The pure folders of core/src, from the highest to the lowest. */
const pureFloors = ['document', 'evaluation', 'history', 'ports', 'adapter-kit', 'metrics', 'refresh'];

/**
 * Inside core/src: each folder may import itself and those listed. A folder inside a folder that stands here is a room
 * of its own.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const coreFolders = {
  document: [],
  evaluation: ['document'],
  history: ['document'],
  ports: ['document', 'evaluation', 'history'],
  'adapter-kit': ['document', 'evaluation', 'history', 'ports'],
  metrics: ['document', 'evaluation', 'history', 'ports', 'adapter-kit'],
  refresh: ['document', 'evaluation', 'history', 'ports', 'adapter-kit', 'metrics'],
  drivers: pureFloors,
  'drivers/background': [...pureFloors, 'drivers'],
  edge: [...pureFloors, 'drivers'],
  'client/events': [...pureFloors, 'drivers'],
  'client/answers': [...pureFloors, 'drivers', 'client/events'],
  'client/options': [...pureFloors, 'drivers', 'client/events', 'client/answers'],
  client: [...pureFloors, 'drivers', 'drivers/background', 'client/events', 'client/answers', 'client/options'],
  'client/typed': [...pureFloors, 'client/answers', 'client/options', 'client'],
  threads: [...pureFloors, 'drivers', 'client/events', 'client'],
  // What the entry src/effect.ts may need room for.
  effect: [
    ...pureFloors,
    'drivers',
    'drivers/background',
    'client/events',
    'client/answers',
    'client/options',
    'client',
  ],
};

/** Entry files of core that must stay small: the folders each may reach. Other entries may reach every folder. */
export const coreEntries = /** @type {Readonly<Record<string, readonly string[]>>} */ ({
  'definition.ts': ['document', 'evaluation'],
  'evaluation.ts': ['document', 'evaluation'],
  'explain.ts': ['document', 'evaluation'],
  'history.ts': ['document', 'history', 'ports'],
  'ports.ts': ['document', 'evaluation', 'history', 'ports', 'metrics'],
  'adapter-kit.ts': ['document', 'evaluation', 'history', 'ports', 'adapter-kit'],
  'metrics.ts': ['document', 'evaluation', 'history', 'ports', 'adapter-kit', 'metrics'],
  'edge.ts': [...pureFloors, 'drivers', 'edge'],
  'edge-signals.ts': [...pureFloors, 'drivers', 'edge'],
  'driver.ts': [...pureFloors, 'drivers', 'client'],
  'index.ts': [...pureFloors, 'client/events', 'client/answers', 'client/options', 'client', 'client/typed'],
});

/** Folders and files of core/src that may import Effect. */
export const effectRooms = ['drivers/background', 'effect', 'effect.ts'];

/** Folders and entry files of core/src that run on every runtime and so import nothing of Node. */
export const runtimeFreeRooms = [
  ...pureFloors,
  'drivers',
  'edge',
  'definition.ts',
  'evaluation.ts',
  'explain.ts',
  'history.ts',
  'ports.ts',
  'adapter-kit.ts',
  'metrics.ts',
  'edge.ts',
  'edge-signals.ts',
];

/** Folders whose folders stand alone: each is copied as it is, and so imports packages by name and its own files. */
export const copied = ['examples'];

/**
 * Folders outside of packages that may import the sources of core and of what is bundled: what they test is no entry's.
 */
export const insiders = ['tests/simulation'];

/**
 * Circles of files that are still there, each with the reason. To be mended, and taken out of here then: one that is
 * gone fails the check.
 *
 * @type {readonly { files: readonly string[], why: string }[]}
 */
export const knownCircles = [];
