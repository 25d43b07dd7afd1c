// `npm run pack -- <folder>`: the packages as tarballs that npm installs by path, for programs outside this repository.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { packageManager } from '../dev/run.mjs';
import { runIn } from './run-in.mjs';
import { stageRelease } from './stage.mjs';

const folder = resolve(process.argv[2] ?? 'packed');
mkdirSync(folder, { recursive: true });
const stage = await stageRelease();
try {
  const pnpm = ['--yes', '--prefer-offline', packageManager, '--recursive'];
  await runIn(stage, 'npx', [...pnpm, 'pack', '--pack-destination', folder]);
} finally {
  rmSync(stage, { recursive: true });
}
const tarballs = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
console.log(`${tarballs.length} tarballs are in ${folder}. Install core together with each package that you want:`);
const wanted = tarballs.filter((file) => /-flags-(core|file)-/.test(file));
console.log(`  npm install ${wanted.map((file) => join(folder, file)).join(' ')}`);
