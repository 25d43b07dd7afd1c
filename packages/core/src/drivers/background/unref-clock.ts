import type * as Clock from 'effect/Clock';
import * as Duration from 'effect/Duration';
import * as Effect from 'effect/Effect';
import { LONGEST_TIMEOUT_MS } from '../../ports/longest-timeout.ts';
import { unref } from '../../adapter-kit/unref.ts';

/** The same clock, whose sleeps do not keep the process alive: an application that forgets `close()` still exits. */
export function unrefClock(clock: Clock.Clock): Clock.Clock {
  const same = Object.create(clock) as Clock.Clock;
  return Object.assign(same, {
    sleep: (duration: Duration.Duration) =>
      Effect.callback<void>((resume) => {
        // Sleepers look at the clock on waking and sleep on.
        const timer = setTimeout(() => resume(Effect.void), Math.min(Duration.toMillis(duration), LONGEST_TIMEOUT_MS));
        unref(timer);
        return Effect.sync(() => clearTimeout(timer));
      }),
  });
}
