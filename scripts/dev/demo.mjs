// `npm run demo`: builds the packages that the Express example stands on, and runs it; `npm run demo -- publish [file]` runs
// its publisher instead.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { run, TaskFailed, turbo } from './run.mjs';

/** What the example takes when nobody names another. */
const host = '127.0.0.1';
const port = 3000;

/** @param {readonly string[]} args */
export async function demo([name, ...args]) {
  if (name !== undefined && name !== 'publish') throw new TaskFailed('npm run demo, or npm run demo -- publish [file]');
  console.log('Building the packages …');
  const build = await run(...turbo('build', '--filter=@clarity/example-express-server^...'), { quiet: true });
  if (build.code !== 0) {
    console.error(build.output);
    throw new TaskFailed(
      'The packages do not build; the lines above say where. `npm run check` shows everything that is wrong.',
    );
  }
  if (name === 'publish') return (await run('node', ['examples/express-server/publish.ts', ...args])).code;
  const { code } = await run('node', ['examples/express-server/main.ts'], { env: await chosenPort() });
  if (code !== 0) throw new TaskFailed(`The example stopped with exit code ${code}; its own lines above say why.`);
  return 0;
}

/** A port that the user named is the example's to judge; the default one gives way when it is taken. */
async function chosenPort() {
  if ((process.env.PORT ?? '') !== '' || (process.env.HOST ?? '') !== '' || (await isFree())) return {};
  console.log(`Port ${port} is taken, so a free one it is. Name another with PORT=4000 npm run demo.`);
  return { PORT: '0' };
}

async function isFree() {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  await once(server.close(), 'close');
  return true;
}
