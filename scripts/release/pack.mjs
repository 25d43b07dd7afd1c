// `npm run pack -- <folder>`: the packages as tarballs that npm installs by path, for programs outside this repository.
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { packageManager } from '../dev/run.mjs';
import { runIn } from './run-in.mjs';
import { stageRelease } from './stage.mjs';
import { tarballsTogether } from './tarballs-together.mjs';

const folder = resolve(process.argv[2] ?? 'packed');
mkdirSync(folder, { recursive: true });
const stage = await stageRelease();
let manifests;
try {
  const pnpm = ['--yes', '--prefer-offline', packageManager, '--recursive'];
  await runIn(stage, 'npx', [...pnpm, 'pack', '--pack-destination', folder]);
  manifests = readdirSync(join(stage, 'packages'))
    .map((name) => JSON.parse(readFileSync(join(stage, 'packages', name, 'package.json'), 'utf8')))
    .filter((manifest) => manifest.private !== true);
} finally {
  rmSync(stage, { recursive: true });
}
/** @param {string} name */
const short = (name) => name.replace('@clarity/flags-', '');
/** @param {string} name */
const tarball = (name) => {
  const { version } = manifests.find((manifest) => manifest.name === name);
  return join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
};
console.log(
  `${manifests.length} tarballs are in ${folder}. npm finds none of them by itself: install each together with`,
);
for (const [name, together] of tarballsTogether(manifests)) {
  const others = together.filter((other) => other !== name);
  console.log(`  ${short(name).padEnd(12)}${others.map(short).join(', ') || 'nothing else'}`);
}
const both = ['@clarity/flags-core', '@clarity/flags-file'];
console.log(`For a file as store:\n  npm install ${both.map(tarball).join(' ')}`);
