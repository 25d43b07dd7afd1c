// How late clients of Redis serve what was published last, beside what they say of themselves.
import type { WatchedClient } from './watched-client.ts';

/** How long a client took to serve what was published last, against what it says of itself, in milliseconds. */
export interface Lateness {
  readonly client: string;
  readonly tookMs: number;
  readonly boundMs: number;
}

/** Those that took longer than they said. */
export const late = (lateness: readonly Lateness[]): readonly Lateness[] =>
  lateness.filter(({ tookMs, boundMs }) => tookMs > boundMs);

/** Prints how long a run's clients took, with the seed that draws the same again. */
export function tellLateness(what: string, seed: number, lateness: readonly Lateness[]): void {
  const took = lateness.map(({ tookMs }) => tookMs).sort((one, other) => one - other);
  const at = (share: number): string => (took[Math.ceil(took.length * share) - 1] ?? 0).toFixed(0);
  const bounds = lateness.map(({ boundMs }) => boundMs);
  console.log(
    `${what}, seed ${seed}: ${took.length} clients, 0 late; p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, at most ${at(1)} ms of a bound of ${Math.min(...bounds).toFixed(0)} ms or more`,
  );
}

/** Waits until a client serves document `n`, published at `publishedMs` to a server that came up at `upMs`. */
export async function latenessOf(
  client: string,
  { client: flags, serves }: WatchedClient,
  n: number,
  publishedMs: number,
  upMs: number,
): Promise<Lateness> {
  const { healthy_seconds: healthy, after_outage_seconds: afterOutage } = flags.health().bound;
  await serves(n);
  const tookMs = performance.now() - publishedMs;
  // A server that has just come back may be found by a client as late as its bound after an outage says.
  const boundMs = Math.max((healthy ?? 0) * 1_000, (afterOutage ?? 0) * 1_000 - (publishedMs - upMs));
  return { client, tookMs, boundMs };
}
