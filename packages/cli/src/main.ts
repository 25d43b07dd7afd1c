#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { EXIT } from './outcome.ts';
import { run } from './run.ts';

const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());
// The reader of the output has left (`| head`), so there is nobody to go on for.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') {
    interruption.abort();
    return;
  }
  process.stderr.write(`clarity-flags: the output cannot be written (${error.code ?? error.name})\n`);
  process.exit(EXIT.usage);
});
process.stderr.on('error', () => {});

process.exitCode = await run({
  args: process.argv.slice(2),
  variables: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  interrupted: interruption.signal,
  version,
  packageFolder: fileURLToPath(new URL('..', import.meta.url)),
});
