// Examples as a user gets them: copied by the packed command line, installed by npm, compiled and started.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runIn } from '../../../scripts/release/run-in.mjs';
import { copyExample, startCopied } from '../support/copied-example.ts';
import { type PackedPackages, packPackages } from '../support/packed-packages.ts';

let packages: PackedPackages;

beforeAll(async () => {
  packages = await packPackages(fileURLToPath(new URL('../../..', import.meta.url)));
}, 120_000);

afterAll(() => packages?.dispose(), 60_000);

it.each([
  ['express-server', 'flags?userId=u1'],
  ['nest-app', 'checkout?user=u1'],
])('%s is copied out, installed, compiled and started', { timeout: 300_000 }, async (example, path) => {
  const folder = await copyExample(example, packages);
  await runIn(folder, 'npm', ['run', 'typecheck']);
  const { address, stop } = await startCopied(folder);
  try {
    expect((await fetch(`${address}/${path}`)).status).toBe(200);
  } finally {
    await stop();
  }
});
