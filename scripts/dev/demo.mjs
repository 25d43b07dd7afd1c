// `npm run demo`: builds the packages that the Express example stands on, and runs it; `npm run demo -- publish [file]`
// runs its publisher instead.
import { chosenPort } from './chosen-port.mjs';
import { buildFor } from './example.mjs';
import { run, TaskFailed } from './run.mjs';

/** @param {readonly string[]} args */
export async function demo([name, ...args]) {
  if (name !== undefined && name !== 'publish') throw new TaskFailed('npm run demo, or npm run demo -- publish [file]');
  await buildFor('express-server');
  if (name === 'publish') return (await run('node', ['examples/express-server/publish.ts', ...args])).code;
  const { code } = await run('node', ['examples/express-server/main.ts'], { env: await chosenPort('demo') });
  if (code !== 0) throw new TaskFailed(`The example stopped with exit code ${code}; its own lines above say why.`);
  return 0;
}
