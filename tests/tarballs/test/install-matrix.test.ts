// `npm run drill -- installs`: the packages in programs of every module format, resolution, package manager and Node,
// in pairs, and in Vitest, Next and Nest; and the example of Next, which no install of this workspace brings. All of
// it is real and takes minutes: `npm test` only looks at the choice.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { testSize } from '../../../scripts/drawn-tests.ts';
import { runIn } from '../../../scripts/release/run-in.mjs';
import { runtimes } from '../../runtimes/support/runtimes.ts';
import { copyExample, type StartedExample, startCopied } from '../support/copied-example.ts';
import { compilerOptions, type CopiedProject, copyProject, testedByJest } from '../support/copied-project.ts';
import { type Format, type Install, installs, missingPairs, type Resolution } from '../support/install-matrix.ts';
import { type PackedPackages, packPackages } from '../support/packed-packages.ts';
import { packageManagerNamed } from '../support/package-managers.ts';
import { serveDocument } from '../support/served-document.ts';

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
  if (took.length > 0) console.log(`seconds that it took:\n${took.join('\n')}`);
}, 180_000);

async function installed(project: string, manager: string): Promise<CopiedProject> {
  const copy = await copyProject(project, packageManagerNamed(manager), packages);
  tookSince(performance.now() - copy.installedInS * 1000, `${project} by ${manager}`);
  return copy;
}

function tookSince(startedMs: number, what: string): void {
  took.push(`${((performance.now() - startedMs) / 1000).toFixed(1).padStart(6)}  ${what}`);
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

describe.each(isDrill ? ['next-app'] : [])('F67 the example %s, copied and installed by npm', (name) => {
  const token = 'the-token-of-the-next-test';
  let folder: string;

  beforeAll(async () => {
    const startedMs = performance.now();
    folder = await copyExample(name, packages);
    tookSince(startedMs, `${name}, and the command line that has it, by npm`);
  }, 300_000);

  async function started(variables: Readonly<Record<string, string>>): Promise<StartedExample> {
    const startedMs = performance.now();
    const program = await startCopied(folder, { NEXT_TELEMETRY_DISABLED: '1', ...variables });
    onTestFinished(program.stop);
    tookSince(startedMs, `${name}: built, and started`);
    return program;
  }

  it('asks flags in a page, in front of pages and at the edge', minutes(5), async () => {
    await runIn(folder, 'npm', ['run', 'typecheck']);
    // Another document for the edge, so that its answer shows which one was asked.
    const served = await serveDocument(betaFor('edge'));
    onTestFinished(served.stop);
    writeFileSync(join(folder, 'flags.json'), JSON.stringify(betaFor('u1')));
    const { address, output } = await started({ FLAGS_URL: served.address });
    const text = async (path: string, user: string): Promise<string> =>
      (await fetch(address + path, { headers: { cookie: `user=${user}`, 'x-user-id': user } })).text();
    expect(await text('/', 'u1')).toContain('<main>new</main>');
    expect(await text('/', 'u2')).toContain('<main>old</main>');
    expect(await text('/checkout', 'u1')).toContain('<main>one page</main>');
    expect(await text('/checkout', 'u2')).toContain('<main>three pages</main>');
    expect(await text('/api/checkout', 'edge')).toBe('{"checkout":"new"}');
    expect(await text('/api/checkout', 'u1')).toBe('{"checkout":"old"}');
    // Without a token, what shows flags is shut, and probes are answered.
    expect((await fetch(`${address}/feature-flags/status`)).status).toBe(401);
    expect((await fetch(`${address}/feature-flags/health`)).status).toBe(200);
    expect(output()).not.toMatch(/error/i);
  });

  it.each([
    ['as it is', '', {}],
    ['that adds slashes, below a path', '/shop', { trailingSlash: true, basePath: '/shop' }],
  ])('F68 finds the page and its routes by either spelling behind Next %s', minutes(5), async (_name, path, config) => {
    const adds = 'trailingSlash' in config;
    writeFileSync(join(folder, 'next.config.ts'), `export default ${JSON.stringify(config)};\n`);
    if (adds) tellOfSlashes(folder);
    const { address } = await started({ FLAGS_TOKEN: token });
    const ask = (place: string, method = 'GET'): Promise<Response> =>
      fetch(address + path + place, { method, headers: { authorization: `Bearer ${token}`, cookie: 'user=u1' } });
    for (const [place, said] of [
      ['/feature-flags', '<!doctype html>'],
      ['/feature-flags/health', '"healthy":true'],
      ['/feature-flags/status', '"new_checkout"'],
      ['/metrics/feature-flags/prometheus', 'feature_flag_stale_config 0'],
    ] as const) {
      for (const spelling of [place, `${place}/`]) {
        const response = await ask(spelling);
        expect(await response.text(), spelling).toContain(said);
        expect(response.redirected, spelling).toBe(spelling.endsWith('/') !== adds);
        expect(response.url, spelling).toBe(`${address}${path}${place}${adds ? '/' : ''}`);
      }
    }
    expect((await ask('/feature-flags/refresh', 'POST')).status).toBe(200);
    expect(await (await ask('/checkout')).text()).toContain('<main>one page</main>');
  });
});

function betaFor(user: string): object {
  return { schemaVersion: 1, flags: { new_checkout: { status: 'beta', betaUsers: [user] } } };
}

/** As the page about Next says, where its configuration adds slashes. */
function tellOfSlashes(folder: string): void {
  for (const place of ['feature-flags', 'metrics/feature-flags']) {
    const route = join(folder, 'app', place, '[[...route]]/route.ts');
    const text = readFileSync(route, 'utf8');
    writeFileSync(route, text.replace('client: getFlagClient(),', '$& trailingSlash: true,'));
  }
}
