import type { RefreshProblem } from './freshness.ts';
import { log } from './tell.ts';
import type { Turn } from './turn.ts';

/** The same failure is logged again at most this often. */
const REPEAT_AFTER_MS = 60_000;

/**
 * Notes what went wrong in the refresh that just ended, or that nothing did. Listeners are told each time; the log is told
 * when the failure is a new one, once a minute while it goes on, and when it is over.
 */
export function noteFailure(turn: Turn, problem: RefreshProblem | undefined, verified: boolean): void {
  const { state, now, commands } = turn;
  const before = state.failureLog;
  if (problem === undefined) {
    state.failureLog = undefined;
    if (before !== undefined) {
      // At the level of what is over: the log's last word on an outage must be its end.
      log(turn, 'warn', 'refreshes succeed again', {
        source: before.problem.source,
        failedForMs: Math.round(now.monotonicMs - before.sinceMs),
      });
    }
    return;
  }
  commands.push({ kind: 'announce', announcement: { kind: 'error', problem } });
  const repeated = before !== undefined && isSame(before.problem, problem);
  const fields = {
    source: problem.source,
    reason: problem.reason,
    error: problem.message,
    failures: state.refreshFailures,
  };
  if (repeated && now.monotonicMs - before.loggedAtMs < REPEAT_AFTER_MS) {
    state.failureLog = { ...before, problem, suppressed: before.suppressed + 1 };
    return log(turn, 'debug', 'refresh failed again', fields);
  }
  state.failureLog = {
    problem,
    loggedAtMs: now.monotonicMs,
    sinceMs: before?.sinceMs ?? now.monotonicMs,
    suppressed: 0,
  };
  const level = problem.reason === 'invalid_document' ? 'error' : 'warn';
  return log(turn, level, messageOf(state.served !== undefined, verified, repeated), {
    ...fields,
    ...(repeated ? { notLogged: before.suppressed } : {}),
  });
}

/** A store that is down words it differently each time; a bad document is another one when its message is. */
function isSame(one: RefreshProblem, other: RefreshProblem): boolean {
  const alike = one.reason === other.reason && one.source === other.source;
  return alike && (one.reason !== 'invalid_document' || one.message === other.message);
}

function messageOf(served: boolean, verified: boolean, repeated: boolean): string {
  if (verified) return `a source ${repeated ? 'still fails' : 'failed'}; another one answered`;
  const meanwhile = served ? 'the last good flags are served' : 'there are no flags yet, fallbacks are served';
  return `${repeated ? 'refreshes still fail' : 'refresh failed'}; ${meanwhile}`;
}
