import type { Settings } from '../../src/refresh/settings.ts';

/** Settings as production has them, without jitter, so that times can be named. */
export function settings(changes: Partial<Settings> = {}): Settings {
  return {
    mode: 'periodic',
    intervalMs: 60_000,
    jitter: 0,
    staleAfterMs: 300_000,
    timeoutMs: 5_000,
    noticeSpreadMs: 0,
    minNoticeGapMs: 250,
    breaker: { failureThreshold: 3, recoveryTimeoutMs: 30_000, growth: 1, maxRecoveryTimeoutMs: 300_000 },
    sources: ['store'],
    feed: undefined,
    hasCache: false,
    background: true,
    ...changes,
  };
}
