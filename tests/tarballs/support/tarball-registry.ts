// An npm registry that knows a folder of tarballs and nothing else. Package managers then resolve our packages as a
// user's do: by name and range, with peers and integrity, and all others from the registry that they are set up for.
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readTarball } from '../../../scripts/release/tarball.mjs';

export interface TarballRegistry {
  /**
   * For `@clarity:registry`. Never the same twice, so that no cache takes a tarball of an earlier run for this one's.
   */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

export async function startTarballRegistry(folder: string): Promise<TarballRegistry> {
  const path = `/${randomUUID()}/`;
  const tarballs = readdirSync(folder).map((file) => {
    const bytes = readFileSync(join(folder, file));
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    return { file, bytes, integrity, manifest: readTarball(join(folder, file)).manifest };
  });
  const server = createServer((request, response) => {
    const asked = decodeURIComponent(request.url ?? '').slice(path.length);
    const tarball = tarballs.find(({ file, manifest }) => asked === manifest.name || asked === file);
    if (tarball === undefined) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
      return;
    }
    const { file, bytes, integrity, manifest } = tarball;
    if (asked === file) {
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(bytes);
      return;
    }
    const { name, version } = manifest;
    const dist = { tarball: url + file, integrity };
    const document = {
      name,
      'dist-tags': { latest: version },
      versions: { [version]: { ...manifest, dist } },
      // Yarn installs nothing whose age is unknown, or young.
      time: { [version]: '2026-01-01T00:00:00.000Z' },
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  return {
    url,
    stop: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}
