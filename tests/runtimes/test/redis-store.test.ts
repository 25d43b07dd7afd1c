// One program over a real Redis on every runtime: sockets, timers and errors differ, and none of that may show.
import { expect, it, onTestFinished } from 'vitest';
import { startRedis } from '../../live/support/redis-server.ts';
import { runtimes } from '../support/runtimes.ts';

it.each(runtimes)('$name follows Redis, catches up after a lost connection, and ends by itself', async ({ run }) => {
  const server = await startRedis();
  onTestFinished(() => server.stop());
  const { code, stdout, stderr } = await run('src/follow-redis.mjs', server.url);
  // The loss is told and its end, and nothing else.
  expect(stderr.trim().split('\n')).toEqual([
    expect.stringContaining('change feed is down'),
    expect.stringContaining('change feed is up'),
  ]);
  expect(JSON.parse(stdout)).toEqual([false, true, false, 'unauthorized']);
  expect(code).toBe(0);
});
