// All packages as tarballs, and a registry that serves them.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishedFolders } from '../../../scripts/package-entries.ts';
import { packageManager } from '../../../scripts/dev/run.mjs';
import { runIn } from '../../../scripts/release/run-in.mjs';
import { writeSboms } from '../../../scripts/release/sbom.mjs';
import { startTarballRegistry, type TarballRegistry } from './tarball-registry.ts';

export interface PackedPackages {
  /** Outside of this workspace, for projects; it holds the tarballs in `packed`. */
  readonly folder: string;
  readonly registry: TarballRegistry;
  readonly dispose: () => Promise<void>;
}

/** @param root of this workspace, whose packages are built */
export async function packPackages(root: string): Promise<PackedPackages> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'clarity-tarballs-')));
  const packed = join(folder, 'packed');
  mkdirSync(packed);
  writeSboms(root);
  const filters = publishedFolders().flatMap((path) => ['--filter', `./${path}`]);
  const pnpm = ['--yes', '--prefer-offline', packageManager, '--recursive', ...filters];
  await runIn(root, 'npx', [...pnpm, 'pack', '--pack-destination', packed]);
  const registry = await startTarballRegistry(packed);
  return {
    folder,
    registry,
    dispose: async () => {
      await registry.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
