// Many followers in one other process: how long until the last of them has seen a change.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { documentText } from './document.ts';
import { PAUSE_MS, pause } from './one-follower.ts';
import { publishByHand, publishWithOurs } from './publishing.ts';
import { type Quantiles, quantilesOf } from './quantiles.ts';

export interface FanOut {
  readonly raw: Quantiles;
  readonly ours: Quantiles;
}

const child = fileURLToPath(new URL('followers-process.ts', import.meta.url));

export async function measureFanOut(url: string, followers: number, warmUps: number, rounds: number): Promise<FanOut> {
  const sides = [
    {
      publishing: await publishByHand(url),
      process: await startFollowers(url, 'raw', followers),
      durations: [] as number[],
    },
    {
      publishing: await publishWithOurs(url, documentText(false, 0)),
      process: await startFollowers(url, 'ours', followers),
      durations: [] as number[],
    },
  ] as const;
  for (let n = 1; n <= warmUps + rounds; n += 1) {
    const on = n % 2 === 1;
    const text = documentText(on, n);
    for (const { publishing, process: followersProcess, durations } of sides) {
      await pause(PAUSE_MS);
      const begun = process.hrtime.bigint();
      const flipped = once(followersProcess, 'message') as Promise<[string]>;
      await publishing.publish(text);
      const [last] = await flipped;
      if (n > warmUps) durations.push(Number(BigInt(last) - begun) / 1e6);
    }
  }
  for (const { publishing, process: followersProcess } of sides) {
    await publishing.close();
    followersProcess.disconnect();
    await once(followersProcess, 'exit');
  }
  const [raw, ours] = sides;
  return { raw: quantilesOf(raw.durations), ours: quantilesOf(ours.durations) };
}

/** Resolves once all of them are subscribed. */
async function startFollowers(url: string, kind: 'raw' | 'ours', count: number): Promise<ChildProcess> {
  const started = fork(child, [url, kind, String(count)]);
  await once(started, 'message');
  return started;
}
