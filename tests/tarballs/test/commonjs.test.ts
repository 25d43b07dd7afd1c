// Neighbours of another age, which are installed beside our packages: CommonJS, Jest, TypeScript's older resolutions,
// Effect 3, ioredis 5. `npm run drill -- installs` puts more of them together: see install-matrix.test.ts.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startRedis } from '../../live/support/redis-server.ts';
import { sized } from '../../../scripts/drawn-tests.ts';
import { runtimes } from '../../runtimes/support/runtimes.ts';
import { compilerOptions, type CopiedProject, copyProject, testedByJest } from '../support/copied-project.ts';
import { type PackedPackages, packPackages } from '../support/packed-packages.ts';
import { packageManagerNamed } from '../support/package-managers.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const nodes = runtimes.filter(({ name }) => name === 'Node 20' || name === 'Node 24');

let packages: PackedPackages;
let commonJs: Promise<CopiedProject>;
let preset: Promise<CopiedProject>;

beforeAll(async () => {
  packages = await packPackages(root);
  commonJs = copyProject('commonjs', packageManagerNamed('npm'), packages);
  preset = copyProject('preset', packageManagerNamed('pnpm'), packages);
  // A failure is told to the test that asks for the project.
  for (const one of [commonJs, preset]) one.catch(() => {});
}, 120_000);

afterAll(async () => {
  await Promise.allSettled([commonJs, preset]);
  await packages?.dispose();
}, 180_000);

/** Compiles by the project's own TypeScript, and resolves to what it says: nothing. Throws where it complains. */
async function compile(
  project: CopiedProject,
  name: string,
  files: readonly string[],
  options: object,
): Promise<string> {
  const config = { ...JSON.parse(compilerOptions({ ...options, outDir: `dist/${name}` })), files } as object;
  writeFileSync(join(project.folder, `tsconfig.${name}.json`), JSON.stringify(config));
  return project.run('node_modules/.bin/tsc', '--project', `tsconfig.${name}.json`);
}

describe('F67 a CommonJS project with Effect 3 and ioredis 5', () => {
  it('is installed by npm', { timeout: 300_000 }, async () => {
    expect((await commonJs).installedInS).toBeGreaterThan(0);
  });

  it.each([
    ['node10', { module: 'commonjs', moduleResolution: 'node10', declaration: true }],
    // The same declarations as before, which need no second check.
    ['node16', { module: 'node16', declaration: true, skipLibCheck: true }],
  ])('compiles strictly, module resolution %s, and runs', { timeout: 120_000 }, async (name, options) => {
    const project = await commonJs;
    expect(await compile(project, name, ['main.ts'], options)).toBe('');
    for (const node of nodes) {
      // As on a Node that cannot load ES modules by require, too: then it is the CommonJS that runs.
      for (const flags of [[], ['--no-experimental-require-module']]) {
        const said = await project.run(node.command, ...flags, `dist/${name}/main.js`);
        expect(JSON.parse(said), `${node.name} ${flags.join(' ')}`).toEqual({
          plain: true,
          typed: true,
          evaluated: true,
          explained: true,
          atTheEdge: true,
          fromFile: true,
          connected: 'redis:feature_flags',
          health: 200,
          refused: 'unavailable',
          functions: true,
        });
      }
    }
  });

  it('takes types of both formats in one program', { timeout: 120_000 }, async () => {
    const files = ['by-import.mts', 'by-require.cts'];
    expect(await compile(await commonJs, 'both', files, { module: 'nodenext' })).toBe('');
  });

  it.each(nodes.slice(0, sized(1, 2)))(
    'has tests that Jest runs without any settings, in $name',
    { timeout: 120_000 },
    async ({ command }) => {
      const project = await commonJs;
      expect(await testedByJest(project, command)).toMatchObject({ success: true, numPassedTests: 4 });
    },
  );

  it('follows a Redis by ioredis 5, and is told that a feed by its Cluster needs 6', { timeout: 60_000 }, async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    const said = await (await commonJs).run(process.execPath, 'follow-redis.js', redis.url);
    expect(JSON.parse(said)).toEqual({
      byAddress: { before: false, after: true },
      byClient: { before: false, after: true },
      inCluster: expect.stringMatching(/^client is a Cluster of ioredis 5, .*npm install ioredis@6/) as string,
      alone: 'redis:feature_flags',
    });
  });

  it.each(nodes)('has one copy of each package in $name, by whichever way it asks', async ({ command }) => {
    const said = await (await commonJs).run(command, 'formats.mjs');
    expect(JSON.parse(said)).toEqual({ copies: 1, ...shared });
  });

  it.each(nodes)('has one client and one set of metrics in $name where there are two copies', async ({ command }) => {
    const said = await (await commonJs).run(command, '--no-experimental-require-module', 'formats.mjs');
    expect(JSON.parse(said)).toEqual({ copies: 2, ...shared });
  });
});

const shared = {
  sameClient: true,
  takenBack: true,
  sameErrors: true,
  twice: 'TypeError',
  closedByTheFirst: 0,
  closed: 1,
};

describe('F67 the preset alone, as its README installs it, by pnpm', () => {
  it.each([
    ['nodenext', { module: 'nodenext' }],
    ['node10', { module: 'commonjs', moduleResolution: 'node10' }],
  ])(
    'compiles with the declarations of all packages, and writes its own, module resolution %s',
    { timeout: 300_000 },
    async (name, options) => {
      expect(await compile(await preset, name, ['flags.ts'], { ...options, declaration: true })).toBe('');
    },
  );
});
