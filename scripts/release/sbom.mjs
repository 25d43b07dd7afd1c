// What is inside a package and what it stands on, as CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/): it goes into
// each tarball as dist/sbom.cdx.json. Without a date or a serial number, so that the same package has the same one.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Where it stands in a package. */
export const SBOM_FILE = 'dist/sbom.cdx.json';

/**
 * @typedef {{ name: string, version: string, license?: string }} Part
 * @typedef {Part & { dependencies?: Record<string, string>, peerDependencies?: Record<string, string>,
 *   peerDependenciesMeta?: Record<string, { optional?: boolean }> }} Manifest
 */

/**
 * @param {Manifest} manifest the package's own
 * @param {readonly Part[]} copied packages whose code was copied into its files
 * @param {(name: string) => Part} installed what stands behind a name that it asks for
 */
export function sbomOf(manifest, copied, installed) {
  const { dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
  const asked = [
    ...Object.keys(dependencies).map((name) => ({ name, scope: 'required' })),
    ...Object.keys(peerDependencies).map((name) => ({
      name,
      scope: peerDependenciesMeta[name]?.optional === true ? 'optional' : 'required',
    })),
  ];
  const components = asked.map(({ name, scope }) => ({ ...component(installed(name)), scope }));
  const own = component(manifest);
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        ...own,
        // Parts of it, and not something beside it.
        components: copied.map((part) => ({
          ...component(part),
          'bom-ref': `${own['bom-ref']}|${purlOf(part)}`,
          description: 'Copied into the files of this package.',
        })),
      },
    },
    components,
    dependencies: [
      { ref: own['bom-ref'], dependsOn: components.map((part) => part['bom-ref']) },
      ...components.map((part) => ({ ref: part['bom-ref'] })),
    ],
  };
}

/** @param {Part} part */
function component(part) {
  const [group, name] = part.name.startsWith('@') ? part.name.split('/') : [undefined, part.name];
  return {
    type: 'library',
    'bom-ref': purlOf(part),
    ...(group !== undefined && { group }),
    name,
    version: part.version,
    ...(part.license !== undefined && { licenses: [{ license: { id: part.license } }] }),
    purl: purlOf(part),
  };
}

/** The package URL of npm (https://github.com/package-url/purl-spec). @param {Part} part */
function purlOf({ name, version }) {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/**
 * Writes one into each package below `root`.
 *
 * @param {string} root the packages as they will be published
 * @param {string} [workspace] where what they ask for is installed
 */
export function writeSboms(root, workspace = root) {
  for (const folder of readdirSync(join(root, 'packages'))) {
    const path = join(root, 'packages', folder);
    if (!existsSync(join(path, 'dist'))) continue;
    /** @type {Manifest & { private?: boolean }} */
    const manifest = readJson(join(path, 'package.json'));
    if (manifest.private === true) continue;
    const installed = (/** @type {string} */ name) => partOf(name, root, join(workspace, 'packages', folder));
    const sbom = sbomOf(manifest, copiedInto(path).map(installed), installed);
    writeFileSync(join(path, SBOM_FILE), `${JSON.stringify(sbom, null, 2)}\n`);
  }
}

/**
 * Names of the packages whose code the build copied into dist: it leaves them there.
 *
 * @param {string} path
 * @returns {string[]}
 */
function copiedInto(path) {
  const list = join(path, 'dist', 'copied.json');
  return existsSync(list) ? readJson(list) : [];
}

/** @param {string} name @param {string} root @param {string} from a folder of the workspace @returns {Part} */
function partOf(name, root, from) {
  // One of ours has the version that is about to be published.
  const ours = join(root, 'packages', name.replace(/^@clarity\/flags-/, ''), 'package.json');
  const manifest = name.startsWith('@clarity/') ? ours : manifestFrom(name, from);
  const { version, license } = readJson(manifest);
  return { name, version, license };
}

/** @param {string} name @param {string} from */
function manifestFrom(name, from) {
  const require = createRequire(join(from, 'package.json'));
  for (const folder of require.resolve.paths(name) ?? []) {
    const path = join(folder, name, 'package.json');
    if (existsSync(path)) return path;
  }
  throw new Error(`${name} is not installed for ${dirname(from)}: run \`npm run build\`, and try again`);
}

/** @param {string} path */
function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
