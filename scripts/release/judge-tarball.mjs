// What is wrong with a packed package: decided here, printed elsewhere.
import { posix } from 'node:path';
import { SBOM_FILE } from './sbom.mjs';

/** @typedef {import('./tarball.mjs').Tarball} Tarball */

const KNOWN =
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|THIRD-PARTY-LICENSES\.md|(dist|src|schema|vectors)\/.+)$/;
const STRAY =
  /(^|\/)(tests?|__tests__|scripts|node_modules|\.[^/]+)\/|\.(test|spec|bench)\.[^/]+$|\.(tsbuildinfo|pem|key|env|log|tgz)$|(^|\/)\.[^/]+$/;
/** Programs to copy, whole, with tests. */
const EXAMPLES = /^dist\/examples\//;
const SECRETS = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b(?:npm_|ghp_|gho_|github_pat_)[A-Za-z0-9_]{30,}/,
  /\bAKIA[A-Z0-9]{16}\b/,
  /\/\/[^/\s:]+\/:_authToken=/,
];
const NEEDED = ['package.json', 'README.md', 'LICENSE', SBOM_FILE];

/**
 * Sentences about what a tarball lacks or should not hold; none for one that may be published.
 *
 * @param {Tarball} tarball
 * @param {{ repository: string, machinePath: string }} expected the address of the repository, and a path of this
 * machine that nobody is to see
 * @returns {readonly string[]}
 */
export function problemsOf({ manifest, files }, { repository, machinePath }) {
  const { name } = manifest;
  const sentences = [
    ...NEEDED.filter((file) => (files.get(file) ?? '').trim() === '').map((file) => `lacks ${file}`),
    ...[...files.keys()]
      .filter((file) => !KNOWN.test(file) || (STRAY.test(file) && !EXAMPLES.test(file)))
      .map((file) => `holds ${file}, which nobody needs`),
    ...[...files].flatMap(([file, text]) => secretsIn(file, text, machinePath)),
    ...[...files].flatMap(([file, text]) => (file.endsWith('.map') ? strayMaps(file, text, files) : [])),
    ...targetsOf(manifest).flatMap((target) => missingTarget(target, files)),
    ...Object.entries(manifest.bin ?? {}).flatMap(([command, target]) =>
      files.get(posix.normalize(target))?.startsWith('#!')
        ? []
        : [`has the command ${command} without a first line that says what runs it`],
    ),
    ...manifestProblems(manifest, repository),
    ...sbomProblems(manifest, files.get(SBOM_FILE)),
    ...Object.keys(manifest.dependencies ?? {}).flatMap((dependency) =>
      isImported(dependency, files) ? [] : [`depends on ${dependency} and imports it nowhere`],
    ),
  ];
  return sentences.map((sentence) => `${name} ${sentence}`);
}

/** @param {string} file @param {string} text @param {string} machinePath */
function secretsIn(file, text, machinePath) {
  return [
    ...SECRETS.filter((secret) => secret.test(text)).map(() => `holds something like a credential in ${file}`),
    ...(text.includes(machinePath) ? [`names a path of this machine in ${file}`] : []),
  ];
}

/** @param {string} file @param {string} text @param {Tarball['files']} files */
function strayMaps(file, text, files) {
  /** @type {{ sources: string[], sourceRoot?: string, sourcesContent?: (string | null)[] }} */
  const { sources, sourceRoot = '', sourcesContent = [] } = JSON.parse(text);
  return sources
    .filter(
      (source, index) =>
        sourcesContent[index] == null && !files.has(posix.join(posix.dirname(file), sourceRoot, source)),
    )
    .map((source) => `has a source map, ${file}, that points to ${source}, which is not in it`);
}

/** Every file that "exports" and "bin" name. @param {Tarball['manifest']} manifest @returns {string[]} */
function targetsOf({ exports = {}, bin = {} }) {
  /** @param {unknown} value @returns {string[]} */
  const leaves = (value) => (typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(leaves));
  return leaves([exports, bin]);
}

/** @param {string} target @param {Tarball['files']} files */
function missingTarget(target, files) {
  const path = posix.normalize(target);
  const [folder = ''] = path.split('*');
  const isThere = path.includes('*') ? [...files.keys()].some((file) => file.startsWith(folder)) : files.has(path);
  return isThere ? [] : [`exports ${target}, which is not in it`];
}

/** @param {Tarball['manifest']} manifest @param {string} repository */
function manifestProblems(manifest, repository) {
  const ranges = Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies });
  return [
    ...ranges
      .filter(([, range]) => /^(workspace|file|link|catalog):/.test(range))
      .map(([dependency, range]) => `asks for ${dependency} as ${range}, which only this workspace knows`),
    ...(manifest.license === undefined || manifest.description === undefined ? ['lacks license or description'] : []),
    ...(manifest.engines?.['node'] === undefined ? ['does not say which Node it needs'] : []),
    ...(manifest.publishConfig?.provenance === true && manifest.publishConfig.access === 'public'
      ? []
      : ['is not published with provenance, to the public']),
    ...(manifest.repository?.url === repository
      ? []
      : [
          `names the repository ${manifest.repository?.url}, and the root's package.json ${repository}: run node scripts/release/repository.mjs`,
        ]),
  ];
}

/** That it speaks of this package, as it is. @param {Tarball['manifest']} manifest @param {string | undefined} text */
function sbomProblems({ name, version }, text) {
  if (text === undefined || text.trim() === '') return [];
  const { metadata } = /** @type {ReturnType<typeof import('./sbom.mjs').sbomOf>} */ (JSON.parse(text));
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return metadata.component.purl === purl ? [] : [`has a ${SBOM_FILE} of ${metadata.component.purl}`];
}

/** @param {string} dependency @param {Tarball['files']} files */
function isImported(dependency, files) {
  const specifier = new RegExp(`(from|import)\\s*\\(?\\s*["']${dependency.replace('/', '\\/')}(/[^"']+)?["']`);
  return [...files].some(([file, text]) => /^dist\/.*(\.js|\.d\.ts)$/.test(file) && specifier.test(text));
}
