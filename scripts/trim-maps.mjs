// Takes out of the source maps in dist what points beyond the package that it is run in: a package ships its own sources and not those of what
// is bundled with it, and a map that points nowhere leads a debugger astray.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode, encode } from '@jridgewell/sourcemap-codec';

for (const name of readdirSync('dist').filter((file) => file.endsWith('.js.map'))) {
  const path = join('dist', name);
  /** @type {{ sources: string[], mappings: string }} */
  const map = JSON.parse(readFileSync(path, 'utf8'));
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
