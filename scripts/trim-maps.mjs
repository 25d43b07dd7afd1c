// Takes out of the source maps in dist what points beyond the package that it is run in: a package ships its own
// sources and not those of what is bundled with it, and a map that points nowhere leads a debugger astray. Whose they
// were is kept in dist/copied.json, for the list of what is inside a package (scripts/release/sbom.mjs).
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode, encode } from '@jridgewell/sourcemap-codec';

/** @type {Set<string>} */
const copied = new Set();
for (const name of readdirSync('dist').filter((file) => file.endsWith('.js.map'))) {
  const path = join('dist', name);
  /** @type {{ sources: string[], mappings: string }} */
  const map = JSON.parse(readFileSync(path, 'utf8'));
  for (const source of map.sources) {
    const [, owner] = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source) ?? [];
    if (owner !== undefined) copied.add(owner);
  }
  const sources = map.sources.filter((source) => source.startsWith('../src/'));
  if (sources.length === map.sources.length) continue;
  const places = map.sources.map((source) => sources.indexOf(source));
  const lines = decode(map.mappings).map((line) =>
    line.map((segment) => {
      const place = segment.length === 1 ? -1 : (places[segment[1]] ?? -1);
      // A segment of one number says that there is no source.
      if (segment.length === 1 || place === -1) return /** @type {[number]} */ ([segment[0]]);
      segment[1] = place;
      return segment;
    }),
  );
  writeFileSync(path, JSON.stringify({ ...map, sources, mappings: encode(lines) }));
}
writeFileSync(join('dist', 'copied.json'), JSON.stringify([...copied].toSorted()));
