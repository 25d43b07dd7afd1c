/** The clocks of the runtime that this happens to run in, without importing anything of it. */
import type { Moment } from '../refresh/moment.ts';
import { isAllowed } from './permission.ts';

interface RuntimeGlobals {
  readonly process?: {
    getBuiltinModule?(name: string): { uptime?(): number } | undefined;
  };
  readonly Deno?: {
    osUptime?(): number;
  };
}

const globals = globalThis as RuntimeGlobals;

/**
 * A reading serves for this long: asking Linux for it costs microseconds, and freshness is asked for with every answer.
 */
const READING_SERVES_MS = 1_000;
/** The two other clocks agreed since the reading, but for what setting a clock right slowly can do in that time. */
const DRIFT_MS = 50;

/**
 * A reader of milliseconds since the machine started, its sleep included; it gives undefined where the runtime does not
 * tell. What it gives is put forth from its last reading while wall clock and monotonic clock agree that no time was
 * slept; on waking they differ, and it reads.
 */
export function bootClock(read: () => number | undefined = bootReader()): () => number | undefined {
  let last: { readonly bootMs: number; readonly monotonicMs: number; readonly wallMs: number } | undefined;
  return () => {
    const monotonicMs = performance.now();
    const wallMs = Date.now();
    if (last !== undefined) {
      const passedMs = monotonicMs - last.monotonicMs;
      const drift = wallMs - last.wallMs - passedMs;
      if (passedMs < READING_SERVES_MS && drift < DRIFT_MS && drift > -DRIFT_MS) return last.bootMs + passedMs;
    }
    const bootMs = read();
    last = bootMs === undefined ? undefined : { bootMs, monotonicMs, wallMs };
    return bootMs;
  };
}

function bootReader(): () => number | undefined {
  const { Deno, process } = globals;
  if (Deno?.osUptime !== undefined) {
    return isAllowed({ name: 'sys', kind: 'osUptime' }) ? () => inMs(() => Deno.osUptime?.()) : () => undefined;
  }
  const os = process?.getBuiltinModule?.('node:os');
  return () => inMs(() => os?.uptime?.());
}

/** Some sandboxes refuse to tell, and some only later. */
function inMs(seconds: () => number | undefined): number | undefined {
  try {
    const told = seconds();
    return told === undefined ? undefined : told * 1000;
  } catch {
    return undefined;
  }
}

/** A reader of the real clocks. */
export function realMoment(bootTimeMs: () => number | undefined): () => Moment {
  return () => ({
    monotonicMs: performance.now(),
    wallMs: Date.now(),
    bootMs: bootTimeMs(),
    random: Math.random(),
  });
}
