// What every task needs first: the packages as the lockfile has them.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageManager, pnpm, root, run, TaskFailed } from './run.mjs';

/** Whether it has been done here before, perhaps for another lockfile. */
export const installed = () => existsSync(join(root, 'node_modules', '.bin'));

export async function install() {
  refuseMusl();
  if (!installed()) {
    console.log(
      'Installing the packages that pnpm-lock.yaml names into node_modules (the first time about half a minute) …',
    );
  }
  const { code, output } = await run(...pnpm('install', '--frozen-lockfile'), { quiet: true });
  if (code === 0) return;
  console.error(output);
  throw new TaskFailed(
    'The packages could not be installed; the lines above are what pnpm said.\n' +
      '- No network, or a proxy: the first run needs the npm registry. Check `npm ping`; set HTTPS_PROXY or `npm config set registry <address>`.\n' +
      `- "lockfile is not up to date": package.json was changed without it. Run \`npx --yes ${packageManager} install\` and commit pnpm-lock.yaml.\n` +
      '- No space, or no permission to write: the packages take about 1.3 GB in this folder, shared with pnpm’s store where it can be.',
  );
}

/**
 * Where Linux has another C library, the tools' Node would be installed and could not start, and npm with it from then
 * on.
 */
function refuseMusl() {
  if (process.platform !== 'linux') return;
  const { header } = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  if (header.glibcVersionRuntime !== undefined) return;
  throw new TaskFailed(
    'The tools of this repository need a Linux with glibc, and this one has another C library (Alpine?). ' +
      'In a container take a Debian image, such as node:22-slim.',
  );
}
