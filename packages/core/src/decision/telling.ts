import type { Signals } from './decision-parts.ts';
import { noteFailure } from './failure-log.ts';
import { count, log } from './tell.ts';
import { tellDifferences } from './tell-differences.ts';

/** Log and metrics of all that is decided, for a driver to whose announcements nobody listens. */
export const telling: Signals = {
  refused(turn, trigger, retryAfterMs) {
    count(turn, 'feature_flag_refresh_failure_total', { error_type: 'circuit_breaker_open' });
    log(turn, 'debug', 'refresh refused by the circuit breaker', { trigger, retryAfterMs });
  },
  retrying(turn, { source, reason, message }, pauseMs) {
    const fields = { source, reason, error: message, pauseMs: Math.round(pauseMs) };
    log(turn, 'debug', 'refresh attempt failed; one more follows', fields);
  },
  readEnded(turn, tookMs) {
    const value = Math.max(0, tookMs) / 1000;
    turn.commands.push({ kind: 'observe', name: 'feature_flag_refresh_duration_seconds', value });
  },
  ignored: (turn) => count(turn, 'feature_flag_ignored_revisions_total'),
  landed(turn, result, problem) {
    if (result.ok) count(turn, 'feature_flag_refresh_success_total');
    // The store answered: an older revision has a counter of its own.
    else if (result.reason !== 'older_revision')
      count(turn, 'feature_flag_refresh_failure_total', { error_type: result.reason });
    noteFailure(turn, problem, result.ok);
  },
  cacheFailed(turn, { verb, error: { reason, message } }) {
    count(turn, 'feature_flag_isolated_errors_total', { where: 'cache' });
    const fields = { reason, error: message };
    if (verb !== 'save') return log(turn, 'warn', 'last-known-good cache failed; flags are served without it', fields);
    // It is saved again and again: the first failure is worth a warning and each further one is not.
    const level = turn.state.cacheTrouble?.failures ? 'debug' : 'warn';
    log(turn, level, 'last-known-good cache could not be written; the next start would begin with older flags', fields);
  },
  differences: tellDifferences,
};
