// `npm run release:dry`: proves what would be published, from the tarballs that would be. `--strict` also fails on what
// could not be checked and on what has yet to be set, for the run that publishes.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageManager } from '../dev/run.mjs';
import { audit } from './audit.mjs';
import { dryVerdict } from './dry-verdict.mjs';
import { problemsOf } from './judge-tarball.mjs';
import { isPlaceholder, repositoryUrl } from './repository.mjs';
import { runIn } from './run-in.mjs';
import { stageRelease } from './stage.mjs';
import { readTarball } from './tarball.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const strict = process.argv.includes('--strict');
const pnpm = ['--yes', '--prefer-offline', packageManager, '--recursive'];

/** @type {string[]} */
const wrong = [];
/** @type {string[]} */
const open = [];
let count = 0;
const stage = await stageRelease();
try {
  const packed = join(stage, 'packed');
  const audited = join(stage, 'audited');
  for (const folder of [packed, audited]) mkdirSync(folder);
  await runIn(stage, 'npx', [...pnpm, 'pack', '--pack-destination', packed]);
  const published = await runIn(stage, 'npx', [...pnpm, 'publish', '--dry-run', '--no-git-checks']);

  const repository = repositoryUrl();
  const tarballs = readdirSync(packed).map((file) => ({
    path: join(packed, file),
    ...readTarball(join(packed, file)),
  }));
  for (const tarball of tarballs) {
    const { name, version } = tarball.manifest;
    const problems = [...problemsOf(tarball, { repository, machinePath: root })];
    if (version === '0.0.0') problems.push(`${name} has no version: describe the change with npx changeset`);
    // pnpm leaves out what the registry has already.
    const isNew = published.includes(`${name}@${version} `);
    if (isNew) count += 1;
    const state = problems.length > 0 ? 'WRONG ' : isNew ? 'ok    ' : 'same  ';
    console.log(`${state}  ${name}@${version}, ${tarball.files.size} files`);
    wrong.push(...problems);
  }

  const { outcome, sentence } = await audit(
    audited,
    tarballs.map(({ path, manifest: { name } }) => ({ path, name })),
  );
  console.log(`${{ clean: 'ok    ', vulnerable: 'WRONG ', 'not checked': 'OPEN  ' }[outcome]}  ${sentence}`);
  if (outcome === 'vulnerable') wrong.push(sentence);
  if (outcome === 'not checked') open.push(sentence);
  if (isPlaceholder(repository)) {
    open.push(
      `The repository's address is a placeholder, ${repository}. Set "repository" in the root's package.json, run \`node scripts/release/repository.mjs\` and commit; npm refuses provenance for an address that is not the one that publishes.`,
    );
  }
} finally {
  rmSync(stage, { recursive: true });
}

const { sentences, code } = dryVerdict({ wrong, open, count, strict });
for (const sentence of sentences) console.log(sentence);
process.exitCode = code;
