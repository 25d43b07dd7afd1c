// `npm run demo`: builds the packages and runs the Express example on a port that is free.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { run, TaskFailed, turbo } from './run.mjs';

const defaultPort = 3000;

export async function demo() {
  const port = await choosePort(process.env.PORT);
  console.log('Building the packages …');
  const build = await run(...turbo('build', '--filter=./packages/*'), { quiet: true });
  if (build.code !== 0) {
    console.error(build.output);
    throw new TaskFailed(
      'The packages do not build; the lines above say where. `npm run check` shows everything that is wrong.',
    );
  }
  const { code } = await run('node', ['examples/express-server/main.ts'], { env: { PORT: String(port) } });
  if (code !== 0) throw new TaskFailed(`The example stopped with exit code ${code}; its own lines above say why.`);
}

/** The port asked for by PORT, which must be free; else 3000, or any free one when that is taken. @param {string | undefined} asked */
async function choosePort(asked) {
  if (asked === undefined || asked === '') {
    if (await isFree(defaultPort)) return defaultPort;
    const port = await anyFreePort();
    console.log(`Port ${defaultPort} is taken; using ${port}. Choose another with PORT=4000 npm run demo.`);
    return port;
  }
  const port = Number(asked);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new TaskFailed(`PORT is ${JSON.stringify(asked)}; it must be a whole number from 1 to 65535.`);
  }
  if (!(await isFree(port))) throw new TaskFailed(`Port ${port} is taken. Choose another: PORT=4000 npm run demo.`);
  return port;
}

/** @param {number} port */
async function isFree(port) {
  const server = createServer().listen(port);
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  await once(server.close(), 'close');
  return true;
}

async function anyFreePort() {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const address = server.address();
  await once(server.close(), 'close');
  if (address === null || typeof address === 'string') throw new TaskFailed('No free port was found for the demo.');
  return address.port;
}
