// Examples as a user gets them: copied by the packed command line, installed by npm, compiled and started.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runIn } from '../../../scripts/release/run-in.mjs';
import { type PackedPackages, packPackages } from '../support/packed-packages.ts';
import { packageManagerNamed } from '../support/package-managers.ts';

const npm = packageManagerNamed('npm');
let packages: PackedPackages;
let home: string;

beforeAll(async () => {
  packages = await packPackages(fileURLToPath(new URL('../../..', import.meta.url)));
  home = join(packages.folder, 'home');
  mkdirSync(home);
  // npm looks for it in the folder of each project.
  settle(home);
  writeFileSync(join(home, 'package.json'), '{"private":true,"dependencies":{"@clarity/flags-cli":"*"}}');
  await npm.install(home, packages.folder);
}, 180_000);

afterAll(() => packages?.dispose(), 60_000);

function settle(folder: string): void {
  for (const [file, text] of Object.entries(npm.settings(packages.registry.url))) {
    writeFileSync(join(folder, file), text);
  }
}

it.each([
  ['express-server', 'flags?userId=u1'],
  ['nest-app', 'checkout?user=u1'],
])('%s is copied out, installed, compiled and started', { timeout: 240_000 }, async (example, path) => {
  const said = await runIn(home, 'node_modules/.bin/clarity-flags', ['init', '--example', example, '--json']);
  expect(JSON.parse(said)).toMatchObject({ written: example });
  const folder = join(home, example);
  settle(folder);
  await npm.install(folder, packages.folder);
  await runIn(folder, 'npm', ['run', 'typecheck']);
  const program = spawn('npm', ['start'], { cwd: folder, env: { ...process.env, PORT: '0' }, detached: true });
  try {
    let output = '';
    for await (const line of createInterface({ input: program.stdout })) {
      output += `${line}\n`;
      const [, address] = /(http:\/\/127\.0\.0\.1:\d+)/.exec(line) ?? [];
      if (address === undefined) continue;
      expect((await fetch(`${address}/${path}`)).status).toBe(200);
      return;
    }
    expect.unreachable(`it ended:\n${output}`);
  } finally {
    const ended = once(program, 'exit');
    // npm and what it started.
    if (program.exitCode === null && program.pid !== undefined) {
      process.kill(-program.pid);
      await ended;
    }
  }
});
