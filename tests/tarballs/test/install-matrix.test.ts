// `npm run drill -- installs`: the packages in programs of every module format, resolution, package manager and Node,
// in pairs, and in Vitest, Next and Nest. All of it is real and takes minutes: `npm test` only looks at the choice.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testSize } from '../../../scripts/drawn-tests.ts';
import { runtimes } from '../../runtimes/support/runtimes.ts';
import { compilerOptions, type CopiedProject, copyProject, testedByJest } from '../support/copied-project.ts';
import { type Format, type Install, installs, missingPairs, type Resolution } from '../support/install-matrix.ts';
import { type PackedPackages, packPackages } from '../support/packed-packages.ts';
import { packageManagerNamed } from '../support/package-managers.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const minutes = (n: number): { timeout: number } => ({ timeout: n * 60_000 });
const isDrill = testSize === 'full';

let packages: PackedPackages;
const took: string[] = [];

beforeAll(async () => {
  if (isDrill) packages = await packPackages(root);
}, 120_000);

afterAll(async () => {
  await packages?.dispose();
  if (took.length > 0) console.log(`seconds to install:\n${took.join('\n')}`);
}, 180_000);

async function installed(project: string, manager: string): Promise<CopiedProject> {
  const copy = await copyProject(project, packageManagerNamed(manager), packages);
  took.push(`${copy.installedInS.toFixed(1).padStart(6)}  ${project} by ${manager}`);
  return copy;
}

it('the matrix of installs holds each pair of manager, format, resolution and Node', () => {
  expect(missingPairs(installs)).toEqual([]);
  expect(missingPairs(installs.slice(1))).not.toEqual([]);
});

describe.each(isDrill ? installs : [])('F67 $format installed by $manager', ({ manager, format, programs }) => {
  it('is installed, compiled and run', minutes(10), async () => {
    const project = await installed(format, manager);
    for (const [resolution, node] of programs) {
      const said = await project.run(
        ...started(manager, node, await compiled(project, { manager, format, resolution })),
      );
      expect(JSON.parse(said), `${resolution}, ${node}`).toMatchObject({
        plain: true,
        typed: true,
        evaluated: true,
        atTheEdge: true,
        health: 200,
        refused: 'unavailable',
        functions: true,
      });
    }
    if (format === 'commonjs' && manager !== 'Yarn')
      expect(await testedByJest(project, process.execPath)).toMatchObject({ success: true, numPassedTests: 4 });
  });
});

interface Compilation {
  readonly manager: string;
  readonly format: Format;
  readonly resolution: Resolution;
}

/** The file to run. */
async function compiled(project: CopiedProject, { manager, format, resolution }: Compilation): Promise<string> {
  const outDir = `dist/${resolution}`;
  const config = { ...JSON.parse(compilerOptions({ ...settings(format, resolution), outDir })), files: ['main.ts'] };
  writeFileSync(join(project.folder, `tsconfig.${resolution}.json`), JSON.stringify(config));
  await project.run(...packageManagerNamed(manager).start('tsc', '--project', `tsconfig.${resolution}.json`));
  if (resolution === 'bundler') {
    await build({
      absWorkingDir: project.folder,
      entryPoints: ['main.ts'],
      outfile: join(project.folder, outDir, 'main.js'),
      bundle: true,
      platform: 'node',
      format: format === 'commonjs' ? 'cjs' : 'esm',
      // CommonJS that is bundled into an ES module asks for Node's own modules by `require`.
      banner:
        format === 'commonjs'
          ? {}
          : { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
      logLevel: 'error',
      tsconfigRaw: {},
    });
  }
  return `${outDir}/main.js`;
}

function settings(format: Format, resolution: Resolution): object {
  switch (resolution) {
    case 'node10':
      return format === 'commonjs'
        ? { module: 'commonjs', moduleResolution: 'node10', declaration: true }
        : { module: 'es2022', moduleResolution: 'node10', esModuleInterop: true };
    case 'node16':
    case 'nodenext':
      return { module: resolution, declaration: format === 'commonjs' };
    case 'bundler':
      return { module: 'preserve', moduleResolution: 'bundler', noEmit: true };
  }
}

function started(manager: Install['manager'], node: string, file: string): readonly [string, ...string[]] {
  const command = runtimes.find(({ name }) => name === node)?.command ?? process.execPath;
  const plugAndPlay = ['--require', './.pnp.cjs', '--experimental-loader', './.pnp.loader.mjs'];
  return [command, ...(manager === 'Yarn' && !file.includes('bundler') ? plugAndPlay : []), file];
}

describe.each(isDrill ? ['frameworks'] : [])('F67 the packages inside %s', () => {
  it('run in Vitest', minutes(5), async () => {
    const project = await installed('vitest', 'pnpm');
    const report = ['--reporter=json', '--outputFile=report.json'];
    await project.run(process.execPath, 'node_modules/vitest/vitest.mjs', 'run', ...report);
    const said: unknown = JSON.parse(await project.read('report.json'));
    expect(said).toMatchObject({ success: true, numPassedTests: 2 });
  });

  it.each([
    ['next-15', 'npm'],
    ['next-16', 'pnpm'],
  ])('are rendered by %s, installed by %s, in a page and at the edge', minutes(10), async (name, manager) => {
    const project = await installed(name, manager);
    await project.run(process.execPath, 'node_modules/next/dist/bin/next', 'build');
    const page = await project.read('.next/server/app/index.html');
    expect(page).toContain('new_checkout is on');
  });

  it.each([
    ['nest-11', 'npm', 'Node 20', { module: 'commonjs', moduleResolution: 'node10' }],
    ['nest-12', 'pnpm', 'Node 24', { module: 'nodenext' }],
  ])('serve in %s, installed by %s, in %s', minutes(10), async (name, manager, node, options) => {
    const project = await installed(name, manager);
    const decorators = { experimentalDecorators: true, emitDecoratorMetadata: true, outDir: 'dist' };
    // Nest's own declarations take for granted packages that are optional.
    const settings = JSON.parse(compilerOptions({ ...options, ...decorators, skipLibCheck: true })) as object;
    writeFileSync(join(project.folder, 'tsconfig.json'), JSON.stringify({ ...settings, files: ['main.ts'] }));
    await project.run('node_modules/.bin/tsc');
    const command = runtimes.find((one) => one.name === node)?.command ?? process.execPath;
    expect(JSON.parse(await project.run(command, 'dist/main.js'))).toEqual({
      injected: '{"isOn":true}',
      guarded: 'new',
      isOn: true,
    });
  });
});
