import { describe, expect, it } from 'vitest';
import {
  type Admission,
  admit,
  type AttemptOutcome,
  type Breaker,
  breakerStateAt,
  closedBreaker,
  resetBreaker,
  retryAfterMs,
  settle,
} from '../../src/refresh/breaker.ts';
import type { BreakerSettings } from '../../src/refresh/settings.ts';
import type { Random } from '../document/random.ts';
import { forManySeeds } from './many-seeds.ts';

const SETTINGS: BreakerSettings = {
  failureThreshold: 3,
  recoveryTimeoutMs: 30_000,
  growth: 1,
  maxRecoveryTimeoutMs: 300_000,
};
const LEASE_MS = 6_000;

function admitted(breaker: Breaker, nowMs: number, settings = SETTINGS, force = false): readonly [Breaker, Admission] {
  const [next, verdict] = admit(breaker, settings, LEASE_MS, nowMs, force);
  if (!verdict.admitted) throw new Error('it was refused');
  return [next, verdict.admission];
}

function after(outcomes: readonly AttemptOutcome[], settings = SETTINGS, start = closedBreaker, nowMs = 0): Breaker {
  return outcomes.reduce((breaker, outcome) => {
    const [asked, admission] = admitted(breaker, nowMs, settings);
    return settle(asked, admission, outcome, settings, nowMs);
  }, start);
}

describe('a closed breaker', () => {
  it('opens at the third failure in a row', () => {
    const two = after(['failure', 'failure']);
    expect(breakerStateAt(two, 0)).toBe('closed');
    const three = after(['failure'], SETTINGS, two);
    expect(breakerStateAt(three, 0)).toBe('open');
    expect(three.failures).toBe(3);
    expect(retryAfterMs(three, SETTINGS, 10_000)).toBe(20_000);
  });

  it('forgets failures at a success, and neither counts nor forgets what says nothing about the store', () => {
    expect(after(['failure', 'failure', 'success', 'failure', 'failure']).phase.kind).toBe('closed');
    expect(after(['failure', 'failure', 'answered', 'neither']).failures).toBe(2);
    expect(after(['failure', 'answered', 'failure', 'neither', 'failure']).phase.kind).toBe('open');
  });

  it('opens at the first failure with a threshold of one', () => {
    expect(after(['failure'], { ...SETTINGS, failureThreshold: 1 }).phase.kind).toBe('open');
  });
});

describe('an open breaker', () => {
  const open = after(['failure', 'failure', 'failure']);

  it('refuses with the time that is left, and admits one probe once the break has passed', () => {
    const [same, refusal] = admit(open, SETTINGS, LEASE_MS, 29_999);
    expect(refusal).toEqual({ admitted: false, retryAfterMs: 1 });
    expect(same).toBe(open);
    const [probing, probe] = admitted(open, 30_000);
    expect(breakerStateAt(probing, 30_000)).toBe('half-open');
    expect(probe.probe).toBe(true);
    const [, second] = admit(probing, SETTINGS, LEASE_MS, 30_001);
    expect(second).toEqual({ admitted: false, retryAfterMs: LEASE_MS - 1 });
  });

  it('is called open until the probe runs, also when the break has passed', () => {
    expect(breakerStateAt(open, 1_000_000)).toBe('open');
    expect(retryAfterMs(open, SETTINGS, 1_000_000)).toBe(0);
  });

  it('admits a forced probe at once, and no second one beside it', () => {
    const [probing] = admitted(open, 5, SETTINGS, true);
    expect(admit(probing, SETTINGS, LEASE_MS, 5, true)[1]).toMatchObject({ admitted: false });
  });

  it('F39 takes no result from before it opened', () => {
    const [asked, early] = admitted(closedBreaker, 0);
    const opened = after(['failure', 'failure', 'failure'], SETTINGS, asked);
    expect(settle(opened, early, 'success', SETTINGS, 10)).toBe(opened);
    const [probing] = admitted(opened, 30_000);
    expect(settle(probing, early, 'success', SETTINGS, 30_001)).toBe(probing);
  });
});

describe('a half-open breaker', () => {
  const open = after(['failure', 'failure', 'failure']);

  it.each(['success', 'answered'] as const)('closes when the probe comes to %s', (outcome) => {
    const [probing, probe] = admitted(open, 30_000);
    const closed = settle(probing, probe, outcome, SETTINGS, 30_100);
    expect(closed).toMatchObject({ failures: 0, phase: { kind: 'closed' } });
  });

  it('opens again when the probe fails, for a break that grows up to its limit', () => {
    const settings = { ...SETTINGS, growth: 4, maxRecoveryTimeoutMs: 300_000 };
    let breaker = open;
    let nowMs = 0;
    for (const breakMs of [120_000, 300_000, 300_000]) {
      nowMs += retryAfterMs(breaker, settings, nowMs) ?? 0;
      const [probing, probe] = admitted(breaker, nowMs, settings);
      breaker = settle(probing, probe, 'failure', settings, nowMs);
      expect(retryAfterMs(breaker, settings, nowMs)).toBe(breakMs);
    }
    expect(breaker.failures).toBe(6);
  });

  it('frees its place at once when the probe was given up', () => {
    const [probing, probe] = admitted(open, 30_000);
    const freed = settle(probing, probe, 'neither', SETTINGS, 30_100);
    expect(breakerStateAt(freed, 30_100)).toBe('open');
    expect(admit(freed, SETTINGS, LEASE_MS, 30_100)[1]).toMatchObject({ admitted: true });
  });

  it('F38 has failed at the end of its lease, for every question and at any time', () => {
    const [probing, probe] = admitted(open, 30_000);
    expect(breakerStateAt(probing, 35_999)).toBe('half-open');
    expect(breakerStateAt(probing, 36_000)).toBe('open');
    expect(retryAfterMs(probing, SETTINGS, 40_000)).toBe(26_000);
    expect(admit(probing, SETTINGS, LEASE_MS, 65_999)[1]).toEqual({ admitted: false, retryAfterMs: 1 });
    expect(settle(probing, probe, 'success', SETTINGS, 40_000).phase.kind).toBe('open');
    expect(settle(probing, probe, 'success', SETTINGS, 36_000).phase.kind).toBe('open');
  });

  it('closes when it is reset, and the probe under way changes nothing any more', () => {
    const [probing, probe] = admitted(open, 30_000);
    const reset = resetBreaker(probing);
    expect(reset).toMatchObject({ failures: 0, phase: { kind: 'closed' } });
    expect(settle(reset, probe, 'failure', SETTINGS, 30_001)).toBe(reset);
  });
});

it('F39 gives every phase a later generation than all before it, so that no permission ever counts again', () => {
  const opened = (from: Breaker, nowMs: number) => after(['failure', 'failure', 'failure'], SETTINGS, from, nowMs);
  const probed = (from: Breaker, outcome: AttemptOutcome, nowMs: number) => {
    const [probing, probe] = admitted(from, nowMs, SETTINGS, true);
    return [probing, settle(probing, probe, outcome, SETTINGS, nowMs)] as const;
  };
  const first = opened(closedBreaker, 0);
  const [probing, freed] = probed(first, 'neither', 1);
  const [again, closed] = probed(freed, 'success', 2);
  const second = opened(closed, 3);
  const [, failed] = probed(second, 'failure', 4);
  const [late] = admitted(failed, 5, SETTINGS, true);
  const expired = admit(late, SETTINGS, LEASE_MS, 5 + LEASE_MS)[0];
  const phases = [closedBreaker, first, probing, freed, again, closed, second, failed, late, expired];
  const generations = [...phases, resetBreaker(expired)].map(({ generation }) => generation);
  expect(new Set(generations).size).toBe(generations.length);
  expect(generations.toSorted((one, other) => one - other)).toEqual(generations);
});

/** What the breaker is to be, told as a story with every transition written out: nothing is lazy here. */
class Story {
  kind: 'closed' | 'open' | 'half-open' = 'closed';
  failures = 0;
  untilMs = 0;
  breakMs = 0;
  /** Permissions that still count. */
  valid = new Set<Admission>();
  readonly settings: BreakerSettings;

  constructor(settings: BreakerSettings) {
    this.settings = settings;
  }

  pass(nowMs: number): void {
    if (this.kind === 'half-open' && nowMs >= this.untilMs) this.openAgain(this.untilMs);
  }

  admits(nowMs: number, force: boolean): boolean {
    if (this.kind === 'half-open') return false;
    return this.kind === 'closed' || force || nowMs >= this.untilMs;
  }

  begin(admission: Admission, nowMs: number): void {
    if (this.kind === 'open') {
      this.kind = 'half-open';
      this.untilMs = nowMs + LEASE_MS;
      this.valid.clear();
    }
    this.valid.add(admission);
  }

  end(admission: Admission, outcome: AttemptOutcome, nowMs: number): void {
    if (!this.valid.delete(admission)) return;
    if (this.kind === 'half-open') {
      if (outcome === 'failure') this.openAgain(nowMs);
      else if (outcome === 'neither') {
        this.kind = 'open';
        this.untilMs = nowMs;
      } else this.close();
    } else if (outcome === 'success') this.failures = 0;
    else if (outcome === 'failure') {
      this.failures += 1;
      if (this.failures < this.settings.failureThreshold) return;
      this.kind = 'open';
      this.breakMs = this.settings.recoveryTimeoutMs;
      this.untilMs = nowMs + this.breakMs;
      this.valid.clear();
    }
  }

  close(): void {
    this.kind = 'closed';
    this.failures = 0;
    this.valid.clear();
  }

  openAgain(atMs: number): void {
    this.kind = 'open';
    this.failures += 1;
    this.breakMs = Math.min(this.settings.maxRecoveryTimeoutMs, this.breakMs * this.settings.growth);
    this.untilMs = atMs + this.breakMs;
    this.valid.clear();
  }
}

/** `expect` is too slow for half a million comparisons. */
function same(what: string, actual: unknown, expected: unknown): void {
  if (!Object.is(actual, expected))
    throw new Error(`${what}: ${String(actual)}, and the story has ${String(expected)}`);
}

function live(random: Random): void {
  const recoveryTimeoutMs = 1 + random.integer(20_000);
  const settings: BreakerSettings = {
    failureThreshold: 1 + random.integer(4),
    recoveryTimeoutMs,
    growth: random.pick([1, 1.5, 3]),
    maxRecoveryTimeoutMs: recoveryTimeoutMs * random.pick([1, 2, 5]),
  };
  const story = new Story(settings);
  let breaker = closedBreaker;
  let nowMs = random.integer(1_000_000);
  const underWay: Admission[] = [];
  let probes: Admission[] = [];
  let halfOpenSinceMs: number | undefined;

  for (let step = 0; step < 60; step++) {
    nowMs += random.chance(0.5) ? 0 : random.integer(random.pick([10, 3_000, 40_000]));
    story.pass(nowMs);
    const roll = random.next();
    if (roll < 0.5) {
      const force = random.chance(0.2);
      const [next, verdict] = admit(breaker, settings, LEASE_MS, nowMs, force);
      same('admitted', verdict.admitted, story.admits(nowMs, force));
      breaker = next;
      if (verdict.admitted) {
        story.begin(verdict.admission, nowMs);
        underWay.push(verdict.admission);
        if (verdict.admission.probe) {
          probes.push(verdict.admission);
          halfOpenSinceMs = nowMs;
        }
      } else same('retry after', verdict.retryAfterMs, story.untilMs - nowMs);
    } else if (roll < 0.95 && underWay.length > 0) {
      const [admission] = underWay.splice(random.integer(underWay.length), 1);
      if (admission === undefined) continue;
      const outcome = random.pick(['success', 'failure', 'failure', 'answered', 'neither'] as const);
      const counts = story.valid.has(admission);
      const before = breaker;
      breaker = settle(breaker, admission, outcome, settings, nowMs);
      story.end(admission, outcome, nowMs);
      if (!counts && story.kind === before.phase.kind) same('a late result', breaker, before);
      probes = probes.filter((probe) => probe !== admission);
    } else {
      breaker = resetBreaker(breaker);
      story.close();
    }
    const state = breakerStateAt(breaker, nowMs);
    same('state', state, story.kind);
    const lost = breaker.phase.kind === 'half-open' && state === 'open' ? 1 : 0;
    same('failures', breaker.failures + lost, story.failures);
    const leftMs = story.kind === 'open' ? Math.max(0, story.untilMs - nowMs) : null;
    same('time left', retryAfterMs(breaker, settings, nowMs), leftMs);
    // Of the probes that were ever admitted, at most one still counts.
    same('two probes', probes.filter((probe) => story.valid.has(probe)).length > 1, false);
    if (state === 'half-open') same('beyond its lease', nowMs - (halfOpenSinceMs ?? nowMs) >= LEASE_MS, false);
  }
}

describe('at random', () => {
  it('does what its story tells: never two probes, out of half-open within the lease, nothing for late results', () => {
    expect(forManySeeds(2_000, live)).toBe(2_000);
  });
});
