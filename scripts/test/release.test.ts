import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verdictOn } from '../release/audit.mjs';
import { dryVerdict } from '../release/dry-verdict.mjs';
import { problemsOf } from '../release/judge-tarball.mjs';
import { isPlaceholder, repositoryUrl, runbook } from '../release/repository.mjs';
import { stageRelease } from '../release/stage.mjs';
import { tarballsTogether } from '../release/tarballs-together.mjs';

const repository = 'git+https://example.invalid/flags.git';
const sound = {
  name: 'shop',
  version: '1.0.0',
  license: 'MIT',
  description: 'A shop.',
  repository: { type: 'git', url: repository },
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './vectors/*': './vectors/*' },
  bin: { shop: './dist/main.js' },
  publishConfig: { access: 'public', provenance: true },
  dependencies: { till: '^1.0.0' },
  engines: { node: '>=20.19' },
};
const texts = {
  'README.md': '# shop',
  LICENSE: 'MIT',
  'dist/index.js': 'import { ring } from "till";',
  'dist/sbom.cdx.json': '{"metadata":{"component":{"purl":"pkg:npm/shop@1.0.0"}}}',
  'dist/index.js.map': '{"sources":["../src/index.ts"]}',
  'dist/index.d.ts': 'export {};',
  'dist/main.js': '#!/usr/bin/env node',
  'src/index.ts': "import { ring } from 'till';",
  'vectors/a.json': '{}',
};

/** What is wrong with the sound package once it is changed like this. An undefined text takes a file out. */
function problems(files: Readonly<Record<string, string | undefined>> = {}, manifest: object = {}): readonly string[] {
  const all = Object.entries({ 'package.json': '{}', ...texts, ...files });
  return problemsOf(
    {
      manifest: { ...sound, ...manifest },
      files: new Map(all.filter((entry): entry is [string, string] => entry[1] !== undefined)),
    },
    { repository, machinePath: '/home/somebody/flags/' },
  );
}

describe('a tarball', () => {
  it('is published when nothing is wrong with it', () => {
    expect(problems()).toEqual([]);
  });

  it.each([
    ['lacks a README', { 'README.md': ' ' }, /lacks README.md/],
    ['F97 lacks a list of what is inside', { 'dist/sbom.cdx.json': undefined }, /lacks dist\/sbom\.cdx\.json/],
    [
      'F97 lists what is inside another version',
      { 'dist/sbom.cdx.json': '{"metadata":{"component":{"purl":"pkg:npm/shop@0.9.0"}}}' },
      /has a dist\/sbom\.cdx\.json of pkg:npm\/shop@0\.9\.0/,
    ],
    ['lacks a licence', { LICENSE: undefined }, /lacks LICENSE/],
    ['holds tests', { 'dist/index.test.js': '' }, /holds dist\/index\.test\.js/],
    ['holds a folder of tests', { 'src/test/index.ts': '' }, /holds src\/test\/index\.ts/],
    ['holds scripts', { 'scripts/build.mjs': '' }, /holds scripts\/build\.mjs/],
    ['holds a hidden file', { 'dist/.npmrc': '' }, /holds dist\/\.npmrc/],
    ['holds a key', { 'src/key.ts': '-----BEGIN RSA PRIVATE KEY-----' }, /a credential in src\/key\.ts/],
    ['holds a token', { 'src/key.ts': `npm_${'a'.repeat(36)}` }, /a credential in src\/key\.ts/],
    ['names this machine', { 'dist/main.js': '#!\n// /home/somebody/flags/x' }, /a path of this machine/],
    [
      'has a map to nowhere',
      { 'dist/index.js.map': '{"sources":["../../till/a.ts"]}' },
      /points to \.\.\/\.\.\/till\/a\.ts/,
    ],
    ['exports what is not there', { 'dist/index.d.ts': undefined }, /exports \.\/dist\/index\.d\.ts/],
    ['exports an empty folder', { 'vectors/a.json': undefined }, /exports \.\/vectors\/\*/],
    ['has a command that nothing runs', { 'dist/main.js': 'run()' }, /the command shop/],
    ['depends on what it does not import', { 'dist/index.js': '' }, /depends on till/],
  ])('is not when it %s', (_what, files, sentence) => {
    expect(problems(files)).toEqual([expect.stringMatching(sentence)]);
  });

  it.each([
    ['asks for a workspace', { peerDependencies: { shelf: 'workspace:^' } }, /shelf as workspace:\^/],
    ['has no provenance', { publishConfig: { access: 'public' } }, /provenance/],
    ['names another repository', { repository: { url: 'git+https://example.com/x.git' } }, /repository\.mjs/],
    ['has no licence', { license: undefined }, /lacks license/],
    ['does not say its Node', { engines: {} }, /which Node/],
  ])('is not when its manifest %s', (_what, manifest, sentence) => {
    expect(problems({}, manifest)).toEqual([expect.stringMatching(sentence)]);
  });

  it('may carry the sources of its map inside the map', () => {
    expect(problems({ 'dist/index.js.map': '{"sources":["../../till/a.ts"],"sourcesContent":["a"]}' })).toEqual([]);
  });
});

describe('an audit', () => {
  it('is clean, vulnerable, or not checked where no report came', () => {
    const report = (total: number) =>
      JSON.stringify({
        metadata: { vulnerabilities: { total }, dependencies: { total: 9 } },
        vulnerabilities: { till: {} },
      });
    expect(verdictOn(report(0))).toEqual({ outcome: 'clean', sentence: 'npm audit is clean, 9 dependencies' });
    expect(verdictOn(report(1))).toEqual({ outcome: 'vulnerable', sentence: 'npm audit found 1: till' });
    for (const text of ['', '{"message":"405 Method Not Allowed"}'])
      expect(verdictOn(text).outcome).toBe('not checked');
  });
});

it('an address that nobody can own is a placeholder', () => {
  expect(isPlaceholder(repository)).toBe(true);
  expect(isPlaceholder('git+https://github.com/shop/flags.git')).toBe(false);
});

describe('a dry run', () => {
  const clean = { wrong: [], open: [], count: 2, strict: true };

  it('lets a release go on where nothing is wrong or open', () => {
    expect(dryVerdict(clean).code).toBe(0);
  });

  it('stops it for what is wrong, and where it is strict for what is open', () => {
    expect(dryVerdict({ ...clean, wrong: ['x has no README'] }).code).toBe(1);
    expect(dryVerdict({ ...clean, wrong: ['x has no README'], count: 0 }).code).toBe(1);
    expect(dryVerdict({ ...clean, open: ['no audit'] }).code).toBe(1);
    expect(dryVerdict({ ...clean, open: ['no audit'], strict: false }).code).toBe(0);
  });

  it('is content where the registry has everything already, as after a push that releases nothing', () => {
    const { code, sentences } = dryVerdict({ ...clean, open: ['no audit'], count: 0 });
    expect(code).toBe(0);
    expect(sentences.at(-1)).toMatch(/nothing to publish/);
  });
});

it('a release whose versions are raised already is staged with those', async () => {
  const repository = mkdtempSync(join(tmpdir(), 'clarity-repository-'));
  const manifest = JSON.stringify({ name: '@clarity/flags-x', version: '0.1.0' });
  for (const folder of ['.changeset', 'packages/x/test']) mkdirSync(join(repository, folder), { recursive: true });
  for (const file of ['package.json', 'LICENSE', '.changeset/config.json', 'packages/x/test/x.test.ts'])
    writeFileSync(join(repository, file), '{}');
  writeFileSync(join(repository, 'packages/x/package.json'), manifest);

  const stage = await stageRelease(repository);
  try {
    expect(readFileSync(join(stage, 'packages/x/package.json'), 'utf8')).toBe(manifest);
    expect(existsSync(join(stage, 'packages/x/test'))).toBe(false);
  } finally {
    for (const folder of [repository, stage]) rmSync(folder, { recursive: true });
  }
});

it('alerts lead to the runbook in the repository that the root names', () => {
  expect(readFileSync(runbook.path, 'utf8')).toContain(runbook.line(repositoryUrl()));
});

it('a tarball is installed together with those that it stands on, and those that these stand on', () => {
  const manifests = [
    { name: 'core' },
    { name: 'changes', dependencies: { core: '^1.0.0' } },
    { name: 'http', dependencies: { changes: '^1.0.0', other: '^1.0.0' } },
    { name: 'express', dependencies: { http: '^1.0.0' } },
  ];
  expect([...tarballsTogether(manifests)]).toEqual([
    ['core', ['core']],
    ['changes', ['changes', 'core']],
    ['http', ['changes', 'core', 'http']],
    ['express', ['changes', 'core', 'express', 'http']],
  ]);
});
