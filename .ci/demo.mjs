// Starts `npm run demo` on a free port, asks it what a newcomer would ask, and stops it. Prints the demo's whole
// output and fails when an answer is missing or wrong, or when it does not stop.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const startWithinMs = 10 * 60_000; // a bare machine first downloads everything
const stopWithinMs = 10_000;

const port = await freePort();
const demo = spawn('npm', ['run', 'demo'], {
  env: { ...process.env, PORT: String(port) },
  stdio: ['ignore', 'pipe', 'pipe'],
  // A group of its own, so that Ctrl-C can be sent as a terminal sends it: to npm, the script and the server.
  detached: true,
});
let output = '';
for (const stream of [demo.stdout, demo.stderr]) {
  stream.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
}
const ended = once(demo, 'close');

try {
  const health = await firstHealth();
  if (health.healthy !== true) throw new Error(`health says ${JSON.stringify(health)}; the demo starts healthy`);
  await expectFlags();
  await stop();
  console.log(`The demo came up on port ${port}, was healthy, answered, and stopped.`);
} catch (error) {
  kill('SIGKILL');
  console.error(`${output}\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function firstHealth() {
  const until = Date.now() + startWithinMs;
  while (Date.now() < until) {
    if (demo.exitCode !== null || demo.signalCode !== null)
      throw new Error(`it ended with ${demo.exitCode ?? demo.signalCode}`);
    const answer = await get('/feature-flags/health').catch(() => undefined);
    if (answer?.status === 200) return JSON.parse(answer.text);
    await pause(200);
  }
  throw new Error(`/feature-flags/health did not answer 200 within ${startWithinMs / 1000} s`);
}

/** Every flag of the example's file is answered. */
async function expectFlags() {
  const { status, text } = await get('/flags?userId=u1');
  if (status !== 200) throw new Error(`GET /flags answered ${status}: ${text.slice(0, 500)}`);
  const { flags } = JSON.parse(text);
  const document = JSON.parse(
    await readFile(new URL('../examples/express-server/flags.json', import.meta.url), 'utf8'),
  );
  for (const key of Object.keys(document.flags)) {
    if (typeof flags?.[key]?.value !== 'boolean')
      throw new Error(`GET /flags does not answer ${key}: ${text.slice(0, 500)}`);
  }
}

async function get(path) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(5_000) });
  return { status: response.status, text: await response.text() };
}

async function stop() {
  kill('SIGINT');
  const timer = new AbortController();
  const late = pause(stopWithinMs, 'late', { signal: timer.signal });
  if ((await Promise.race([ended, late])) === 'late')
    throw new Error(`it did not stop within ${stopWithinMs / 1000} s of Ctrl-C`);
  timer.abort();
  late.catch(() => {});
}

function kill(signal) {
  try {
    if (demo.pid !== undefined) process.kill(-demo.pid, signal);
  } catch {
    // It is gone already.
  }
}

async function freePort() {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port: free } = server.address();
  await once(server.close(), 'close');
  return free;
}
