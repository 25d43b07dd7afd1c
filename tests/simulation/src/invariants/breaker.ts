import type { MakeWatch } from '../world/watch.ts';

/** The slack that a probe's lease has over its deadline. */
const LEASE_SLACK_MS = 1_000;

/**
 * While the breaker is open no read begins before the shortest break has passed, unless somebody forced it; then one probe,
 * and no second one before that has ended.
 */
export const oneProbe: MakeWatch = (world) => {
  const { timeoutMs, breaker } = world.history.settings;
  let told: 'closed' | 'open' | 'half-open' = 'closed';
  let openedMs = 0;
  let probeBeganMs: number | undefined;
  let forced = 0;
  return {
    asked(request) {
      if (request.force) forced += 1;
    },
    answered(request) {
      if (request.force) forced -= 1;
    },
    announced(announcement) {
      if (announcement.kind !== 'breaker') return;
      told = announcement.to;
      if (told !== 'open') return;
      // A probe that was lost failed at the end of its lease, whenever that was noticed.
      openedMs = Math.min(world.monotonicMs, (probeBeganMs ?? Number.POSITIVE_INFINITY) + timeoutMs + LEASE_SLACK_MS);
      probeBeganMs = undefined;
    },
    readBegan(read) {
      const { flight } = world.driver.state();
      const begins = read.store === 0 && flight?.attempt === 1;
      if (told === 'closed' || !begins) return;
      if (told === 'half-open' || probeBeganMs !== undefined) {
        world.violate('never two probes', `read ${read.number} is a second probe`);
      }
      probeBeganMs = world.monotonicMs;
      const earliestMs = openedMs + breaker.recoveryTimeoutMs;
      if (forced === 0 && world.monotonicMs < earliestMs - 0.01) {
        world.violate(
          'an open breaker admits nothing before its break has passed',
          `read ${read.number} begins ${world.monotonicMs - openedMs} ms after the breaker opened; the shortest break is ${breaker.recoveryTimeoutMs} ms`,
        );
      }
    },
  };
};

/** Half-open ends within the lease of its probe, and lasts only while a probe runs. */
export const halfOpenEnds: MakeWatch = (world) => {
  const { timeoutMs } = world.history.settings;
  let sinceMs: number | undefined;
  return {
    stepped() {
      if (world.peek().breaker.state !== 'half-open' || world.closed) {
        sinceMs = undefined;
        return;
      }
      sinceMs ??= world.monotonicMs;
      if (world.driver.state().flight === undefined) world.violate('half-open only while the probe runs', 'the breaker is half-open and nothing is under way');
      if (world.monotonicMs - sinceMs >= timeoutMs + LEASE_SLACK_MS) {
        world.violate('the breaker leaves half-open within its lease', `half-open for ${world.monotonicMs - sinceMs} ms`);
      }
    },
  };
};

/** Once closed it counts no more failures than it takes to open. */
export const breakerOpens: MakeWatch = (world) => {
  const { failureThreshold } = world.history.settings.breaker;
  return {
    stepped() {
      const { breaker } = world.peek();
      if (breaker.state === 'closed' && breaker.failures >= failureThreshold) {
        world.violate('the breaker opens at its threshold', `closed after ${breaker.failures} failures; the threshold is ${failureThreshold}`);
      }
    },
  };
};
