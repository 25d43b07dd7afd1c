// `npm run size`: how many bytes each entry of each package is, against its budget, and the peers beside them.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { packageEntries, packageFolders } from '../../../scripts/package-entries.ts';
import { PEERS } from '../evaluation/subjects.ts';
import { BUDGETS } from './budgets.ts';
import { bundleSizes } from './bundle-sizes.ts';
import { complaints, type Entry } from './complaints.ts';

/** Resolves to 1 when an entry is over its budget, has none or is not built, and when a budget's entry is gone. */
export async function size(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => arg !== '--json');
  if (unknown !== undefined) {
    console.error(`npm run size -- [--json]: there is no ${unknown}.`);
    return 2;
  }
  const wrong: string[] = [];
  const entries = await measureEntries(wrong);
  if (args.includes('--json')) console.log(JSON.stringify(Object.fromEntries(entries), null, 2));
  else await print(entries);
  for (const [name, entry] of entries) wrong.push(...complaints(name, entry));
  for (const sentence of wrong) console.error(sentence);
  return wrong.length === 0 ? 0 : 1;
}

/** Sizes by entry. Adds to `wrong` what cannot be measured. */
async function measureEntries(wrong: string[]): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>();
  const unused = new Set(Object.keys(BUDGETS));
  for (const folder of packageFolders()) {
    const { peerDependencies = {} } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as {
      peerDependencies?: Readonly<Record<string, string>>;
    };
    // An entry is bundled by its path, so the names of the family are those that it imports from others.
    const external = ['@clarity/*', ...Object.keys(peerDependencies).flatMap((peer) => [peer, `${peer}/*`])];
    for (const { specifier, source } of packageEntries(folder)) {
      unused.delete(specifier);
      const built = `${folder}/${source.replace(/^src/, 'dist').replace(/ts$/, 'js')}`;
      if (!existsSync(built)) wrong.push(`${specifier} is not built: there is no ${built}. Run \`npm run build\`.`);
      else entries.set(specifier, { ...(await bundleSizes(resolve(built), external)), budget: BUDGETS[specifier] });
    }
  }
  for (const name of unused)
    wrong.push(`${name} has a budget in bench/src/size/budgets.ts, and is no entry of a package.`);
  return entries;
}

async function print(entries: ReadonlyMap<string, Entry>): Promise<void> {
  const line = (name: string, ...numbers: readonly (number | string | undefined)[]): void =>
    console.log(name.padEnd(38) + numbers.map((number) => (number ?? '').toLocaleString('en').padStart(10)).join(''));
  line('bytes, all exports, minified', 'gzip -9', 'brotli', 'budget');
  for (const [name, entry] of entries)
    line(name, entry.gzip, entry.brotli, entry.budget, complaints(name, entry).length > 0 ? 'OVER' : '');
  console.log('\nPeers, with all that they depend on');
  for (const peer of PEERS) {
    const { gzip, brotli } = await bundleSizes(peer);
    line(peer, gzip, brotli);
  }
}
