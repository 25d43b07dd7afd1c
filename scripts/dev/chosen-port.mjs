import { once } from 'node:events';
import { createServer } from 'node:net';

/** What every example takes when nobody names another. */
const host = '127.0.0.1';
const port = 3000;

/**
 * Variables for an example: a port that the user named is the example's to judge; the default one gives way when it is
 * taken.
 *
 * @param {string} task What the user asked npm to run.
 * @returns {Promise<Record<string, string>>}
 */
export async function chosenPort(task) {
  if ((process.env.PORT ?? '') !== '' || (process.env.HOST ?? '') !== '' || (await isFree())) return {};
  console.log(`Port ${port} is taken, so a free one it is. Name another with PORT=4000 npm run ${task}.`);
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
