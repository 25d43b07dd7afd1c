// `npm run size`: how many bytes each entry of each package is, against its budget, and the peers beside them.
// `--accept` makes what is measured the new budgets.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { packageEntries, publishedFolders } from '../../../scripts/package-entries.ts';
import { believable } from '../believable.ts';
import { PEERS } from '../evaluation/subjects.ts';
import { accept } from './accept.ts';
import { BUDGETS, writeBudgets } from './budgets.ts';
import { bundleSizes } from './bundle-sizes.ts';
import { complaints, type Entry } from './complaints.ts';

/** Resolves to 1 when an entry is over its budget, has none or is not built, and when a budget's entry is gone. */
export async function size(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => arg !== '--json' && arg !== '--accept');
  if (unknown !== undefined) {
    console.error(`npm run size -- [--json] [--accept]: there is no ${unknown}.`);
    return 2;
  }
  const { entries, unbuilt } = await measureEntries();
  if (args.includes('--accept')) return acceptSizes(entries, unbuilt);
  if (args.includes('--json')) console.log(JSON.stringify(Object.fromEntries(entries), null, 2));
  else await print(entries);
  const gone = Object.keys(BUDGETS).filter((name) => !entries.has(name) && !unbuilt.has(name));
  return complain([
    ...unbuilt.values(),
    ...gone.map(
      (name) => `${name} has a budget and is not an entry of a package: \`npm run size -- --accept\` removes it.`,
    ),
    ...[...entries].flatMap(([name, entry]) => complaints(name, entry)),
  ]);
}

/** Writes the budgets anew, all or none, and tells each that changed. */
function acceptSizes(entries: ReadonlyMap<string, Entry>, unbuilt: ReadonlyMap<string, string>): number {
  const { budgets, changes, refusals } = accept(entries, BUDGETS);
  const wrong = [...unbuilt.values(), ...refusals];
  if (wrong.length > 0) return complain([...wrong, 'No budget was changed.']);
  writeBudgets(budgets);
  for (const change of changes) console.log(change);
  console.log(
    changes.length === 0 ? 'Every budget is as it was.' : 'Commit them apart, and say why they are worth it.',
  );
  return 0;
}

function complain(sentences: readonly string[]): number {
  for (const sentence of sentences) console.error(sentence);
  return sentences.length === 0 ? 0 : 1;
}

interface Measured {
  readonly entries: ReadonlyMap<string, Entry>;
  /** Entries that cannot be measured, each with a sentence that says so. */
  readonly unbuilt: ReadonlyMap<string, string>;
}

async function measureEntries(): Promise<Measured> {
  const entries = new Map<string, Entry>();
  const unbuilt = new Map<string, string>();
  for (const folder of publishedFolders()) {
    const { peerDependencies = {} } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as {
      peerDependencies?: Readonly<Record<string, string>>;
    };
    // An entry is bundled by its path, so the names of the family are those that it imports from others.
    const external = ['@clarity/*', ...Object.keys(peerDependencies).flatMap((peer) => [peer, `${peer}/*`])];
    for (const { specifier, source } of packageEntries(folder)) {
      const built = `${folder}/${source.replace(/^src/, 'dist').replace(/ts$/, 'js')}`;
      if (!existsSync(built))
        unbuilt.set(specifier, `${specifier} is not built: there is no ${built}. Run \`npm run build\`.`);
      else {
        const sizes = believable(await bundleSizes(resolve(built), external), specifier);
        entries.set(specifier, { ...sizes, budget: BUDGETS[specifier] });
      }
    }
  }
  return { entries, unbuilt };
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
