import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bootClock } from '../../src/drivers/clocks.ts';

describe('the clock since the machine started', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  function clock() {
    let bootMs = 1_000_000;
    let reads = 0;
    const read = bootClock(() => {
      reads += 1;
      return bootMs;
    });
    return {
      read,
      reads: () => reads,
      /** Time that every clock sees. */
      pass: (ms: number) => {
        bootMs += ms;
        vi.advanceTimersByTime(ms);
      },
      /** The monotonic clock stands still. */
      sleep: (ms: number) => {
        bootMs += ms;
        vi.setSystemTime(Date.now() + ms);
      },
    };
  }

  it('is read once a second, however often it is asked for', () => {
    const { read, reads, pass } = clock();
    const started = read() ?? 0;
    for (let ms = 1; ms < 1_000; ms += 1) {
      pass(1);
      expect(read()).toBe(started + ms);
    }
    expect(reads()).toBe(1);
    pass(1);
    expect(read()).toBe(started + 1_000);
    expect(reads()).toBe(2);
  });

  it('F41 knows of a sleep at once', () => {
    const { read, pass, sleep } = clock();
    const started = read() ?? 0;
    pass(10);
    sleep(8 * 3_600_000);
    expect(read()).toBe(started + 10 + 8 * 3_600_000);
  });

  it('F40 is not led astray by a wall clock that is set', () => {
    const { read, reads, pass } = clock();
    const started = read() ?? 0;
    for (const jumpMs of [3_600_000, -3_600_000]) {
      vi.setSystemTime(Date.now() + jumpMs);
      pass(1);
      read();
    }
    expect(read()).toBe(started + 2);
    expect(reads()).toBe(3);
  });

  it('keeps asking where nobody tells, and says so each time', () => {
    let reads = 0;
    const read = bootClock(() => void (reads += 1));
    expect([read(), read()]).toEqual([undefined, undefined]);
    expect(reads).toBe(2);
  });

  it('is that of the machine', () => {
    vi.useRealTimers();
    const read = bootClock();
    const first = read() ?? Number.NaN;
    expect(first).toBeGreaterThan(0);
    expect(read() ?? Number.NaN).toBeGreaterThanOrEqual(first);
  });
});
