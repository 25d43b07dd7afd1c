// One follower in the process that publishes. Ours and the hand-written one take turns, so that a slow machine slows
// both.
import { documentText } from './document.ts';
import type { Follower } from './follower.ts';
import type { Publishing } from './publishing.ts';
import { type Quantiles, quantilesOf } from './quantiles.ts';

/** Before each publish; twice that is more than the client's gap between two reads that notices ask for. */
export const PAUSE_MS = 150;

export interface OneFollower {
  readonly raw: Quantiles;
  readonly ours: Quantiles;
}

/** Who publishes, and who follows. */
export interface Pair {
  readonly publishing: Publishing;
  readonly follower: Follower;
}

/** Closes both pairs at its end. */
export async function measureOneFollower(
  byHand: Pair,
  withOurs: Pair,
  warmUps: number,
  rounds: number,
): Promise<OneFollower> {
  const pairs = [
    { ...byHand, durations: [] as number[] },
    { ...withOurs, durations: [] as number[] },
  ] as const;
  for (let n = 1; n <= warmUps + rounds; n += 1) {
    const on = n % 2 === 1;
    const text = documentText(on, n);
    for (const { publishing, follower, durations } of pairs) {
      await pause(PAUSE_MS);
      const ms = await timeToFlip(publishing, follower, text, on);
      if (n > warmUps) durations.push(ms);
    }
  }
  for (const { publishing, follower } of pairs) await Promise.all([publishing.close(), follower.close()]);
  const [raw, ours] = pairs;
  return { raw: quantilesOf(raw.durations), ours: quantilesOf(ours.durations) };
}

async function timeToFlip(publishing: Publishing, follower: Follower, text: string, on: boolean): Promise<number> {
  const begunMs = performance.now();
  const flipped = new Promise<number>((resolve) => {
    follower.onFlip = (now) => {
      if (now === on) resolve(performance.now());
    };
  });
  await publishing.publish(text);
  return (await flipped) - begunMs;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
