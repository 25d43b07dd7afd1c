import { LOST_WRITES_MUTANTS } from './lost-writes-mutants.ts';
import { edit, type Mutant } from './mutant.ts';

/**
 * At least one for each invariant. Some are mistakes that were really in the driver before the simulation found them.
 */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'a manual refresh begins a flight beside the one under way',
    edits: [
      edit(
        'refresh/flight.ts',
        'if (state.flight !== undefined) {',
        "if (state.flight !== undefined && trigger !== 'manual') {",
      ),
    ],
    caughtBy: ['never two flights'],
  },
  {
    name: 'an open breaker admits at once',
    edits: [edit('refresh/breaker.ts', 'if (nowMs < phase.untilMs && !force) {', 'if (nowMs < 0) {')],
    caughtBy: ['never two probes'],
  },
  {
    name: 'breaks are half as long as they should be',
    edits: [edit('refresh/breaker.ts', 'untilMs: atMs + breakMs, breakMs', 'untilMs: atMs + breakMs / 2, breakMs')],
    caughtBy: ['an open breaker admits nothing before its break has passed'],
  },
  {
    name: 'a probe that failed is followed by another',
    edits: [
      edit(
        'refresh/breaker.ts',
        "if (outcome === 'failure') return open(current, current.failures + 1, nextBreakMs(phase.breakMs, settings), nowMs);",
        "if (outcome === 'failure') return current;",
      ),
      edit(
        'refresh/breaker.ts',
        'return [current, { admitted: false, retryAfterMs: phase.leaseUntilMs - nowMs }];',
        'return [current, { admitted: true, admission: { generation, probe: true } }];',
      ),
    ],
    caughtBy: ['half-open only while the probe runs'],
  },
  {
    name: 'a lease lasts a thousand times as long',
    edits: [edit('refresh/breaker.ts', 'leaseUntilMs: nowMs + leaseMs', 'leaseUntilMs: nowMs + 1_000 * leaseMs')],
    caughtBy: ['the breaker leaves half-open within its lease'],
  },
  {
    name: 'the breaker opens one failure late',
    edits: [
      edit(
        'refresh/breaker.ts',
        'return current.failures + 1 >= settings.failureThreshold',
        'return current.failures + 1 > settings.failureThreshold',
      ),
    ],
    caughtBy: ['the breaker opens at its threshold', 'a store that is down opens the breaker'],
  },
  {
    name: 'a store that is down counts as one that answered',
    edits: [edit('refresh/flight.ts', 'first.outcome,', "'answered',")],
    caughtBy: ['a store that is down opens the breaker'],
  },
  {
    name: 'a failed probe closes the breaker',
    edits: [
      edit(
        'refresh/breaker.ts',
        "if (outcome === 'failure') return open(current, current.failures + 1, nextBreakMs(phase.breakMs, settings), nowMs);",
        '',
      ),
    ],
    caughtBy: ['the breaker closes when its probe was answered, or is reset'],
  },
  {
    name: 'an older revision is adopted',
    edits: [
      edit(
        'refresh/adopt.ts',
        "compareRevisions(reading.revision, lineage) === 'older'",
        "compareRevisions(reading.revision, lineage) === ('never' as string)",
      ),
    ],
    caughtBy: ['the served revision never goes back'],
  },
  {
    name: 'an older revision renews what is served',
    edits: [
      edit(
        'refresh/adopt.ts',
        'return ignoreOlder(turn, source, reading.revision, lineage);',
        'state.verifiedAt = stampOf(now);\n    return ignoreOlder(turn, source, reading.revision, lineage);',
      ),
    ],
    caughtBy: ['never fresh beyond the threshold', 'never fresh unconfirmed'],
  },
  {
    name: 'a store without a document takes the last good one away',
    edits: [
      edit(
        'refresh/adopt.ts',
        "if (reason === 'not-found') setRejection(turn, source, undefined);",
        "if (reason === 'not-found') state.served = undefined;",
      ),
    ],
    caughtBy: ['the last good document is never lost'],
  },
  {
    name: 'a fallback gives its document the revision that the primary had',
    edits: [
      edit(
        'refresh/adopt.ts',
        'state.served = { ...reading.loaded, revision: reading.revision,',
        'state.served = { ...reading.loaded, revision: served_(state) ?? reading.revision,',
      ),
      edit(
        'refresh/adopt.ts',
        'function isSame(',
        'function served_(state: State): Revision | undefined {\n  return state.served?.revision;\n}\n\nfunction isSame(',
      ),
    ],
    caughtBy: ['what is served was given'],
  },
  {
    name: 'poisoned revisions are believed',
    edits: [
      edit(
        'refresh/adopt.ts',
        'return revisionProblem(revision, Math.max(wallMs, adoptedMs));',
        'return revisionProblem(revision, Math.max(wallMs, adoptedMs)) && undefined;',
      ),
    ],
    caughtBy: ['a revision that cannot be right is refused'],
  },
  {
    name: 'a refused document is downloaded at each poll',
    edits: [edit('refresh/adopt.ts', 'refusedRevision(state, source, wallMs) ?? ', '')],
    caughtBy: ['a rejected document is not downloaded again until it changes'],
  },
  {
    name: 'late answers are taken',
    edits: [
      edit(
        'refresh/flight.ts',
        'if (flight === undefined || flight.read !== read) return;',
        'if (flight === undefined) return;',
      ),
      // A read that is given up hears of it, and tells what it came to all the same.
      edit(
        'drivers/background/interpret.ts',
        'const settled = Effect.tap(readSource(source, ',
        `const given = new AbortController();
  const deaf = { name: source.name, read: (...[known, , announced]: Parameters<typeof source.read>) => source.read(known, given.signal, announced) };
  const settled = Effect.tap(readSource(deaf, `,
      ),
      edit(
        'drivers/background/interpret.ts',
        "yield* Effect.onExit(around('flags.read', source.name, settled), (exit) =>",
        `yield* Effect.forkDetach(settled, { startImmediately: true });
  const over = Effect.onInterrupt(Effect.never as typeof settled, () => Effect.sync(() => given.abort()));
  yield* Effect.onExit(around('flags.read', source.name, over), (exit) =>`,
      ),
    ],
    caughtBy: ['late results change nothing'],
  },
  {
    name: 'fresh is said for three times as long',
    edits: [edit('refresh/staleness.ts', 'ms >= staleAfterMs', 'ms >= 3 * staleAfterMs')],
    caughtBy: ['never fresh beyond the threshold', 'stale is announced on time'],
  },
  {
    name: 'time slept is not counted',
    edits: [edit('refresh/moment.ts', 'bootMs - awakeMs > 1_000 ? bootMs : awakeMs', 'awakeMs')],
    caughtBy: ['never fresh beyond the threshold'],
  },
  {
    name: 'a wall clock that ran ahead is believed to have been set',
    edits: [
      edit(
        'refresh/moment.ts',
        'return { ms: uncertain ? wallMs : awakeMs, uncertain };',
        'return { ms: awakeMs, uncertain: false };',
      ),
    ],
    caughtBy: ['never fresh beyond the threshold'],
  },
  {
    name: 'an answer from before a sleep counts as new',
    edits: [
      edit(
        'refresh/moment.ts',
        'if (uncertain || ms > deadlineMs) return stampBefore(askedAt, ageMs);',
        'if (uncertain || ms > deadlineMs) return stampBefore(now, ageMs);',
      ),
    ],
    caughtBy: ['never fresh beyond the threshold'],
  },
  {
    name: 'every source that confirms it makes it fresh',
    edits: [edit('refresh/staleness.ts', "origin.kind === 'primary' ? 'fresh' : 'degraded'", "'fresh'")],
    caughtBy: ['fresh is said of the primary, degraded of the others'],
  },
  {
    name: 'cached documents are fresh',
    edits: [
      edit(
        'refresh/staleness.ts',
        "if (verifiedAt === undefined) return { state: 'stale', ageMs: null, clockUncertain: false };",
        "if (verifiedAt === undefined) return { state: 'fresh', ageMs: null, clockUncertain: false };",
      ),
    ],
    caughtBy: ['never fresh unconfirmed'],
  },
  {
    name: 'stale is said at half the threshold',
    edits: [edit('refresh/staleness.ts', 'ms >= staleAfterMs', 'ms >= staleAfterMs / 2')],
    caughtBy: ['what was confirmed in time is not stale', 'what is verified within the bound is not stale'],
  },
  {
    name: 'the turn to stale has no timer',
    edits: [
      edit(
        'refresh/stale-timer.ts',
        "state.phase === 'running') {",
        "state.phase === 'running' && now.monotonicMs < 0) {",
      ),
    ],
    caughtBy: ['stale is announced on time', 'what was announced last is so'],
  },
  {
    name: 'fresh is not announced again',
    edits: [
      edit(
        'refresh/announcements.ts',
        'if (verdict === announced) return;',
        "if (verdict === announced || (verdict === 'fresh' && announced === 'stale')) return;",
      ),
    ],
    caughtBy: ['what was announced last is so'],
  },
  {
    name: 'each document is announced as the first',
    edits: [edit('refresh/announcements.ts', 'before.served === undefined\n', 'before.served !== replaced as never\n')],
    caughtBy: ['ready is announced once'],
  },
  {
    name: 'what a fallback gives is not announced',
    edits: [
      edit(
        'refresh/announcements.ts',
        'if (!replaced) return;',
        "if (!replaced || served.origin.kind === 'fallback') return;",
      ),
    ],
    caughtBy: ['each document is announced'],
  },
  {
    name: 'changes are announced as changes of what they lead to',
    edits: [edit('refresh/announcements.ts', 'from: before.served, to: served', 'from: served, to: served')],
    caughtBy: ['changes are announced in order'],
  },
  {
    name: 'the freshness that is announced is the one before',
    edits: [
      edit('refresh/announcements.ts', 'freshness: freshnessOf(state, now)', 'freshness: freshnessOf(before, now)'),
    ],
    caughtBy: ['what is announced is so'],
  },
  {
    name: 'without a document it says stale',
    edits: [
      edit(
        'refresh/staleness.ts',
        "if (origin === undefined) return { state: 'never'",
        "if (origin === undefined) return { state: 'stale'",
      ),
    ],
    caughtBy: ['never is said without a document'],
  },
  {
    name: 'a refresh that the breaker refuses is told that the client is closed',
    edits: [edit('refresh/flight.ts', "reason: 'circuit_breaker_open', message", "reason: 'closed', message")],
    caughtBy: ['nothing is called closed that is open'],
  },
  {
    name: 'waking up is not a reason to read',
    edits: [
      edit(
        'refresh/decide.ts',
        'refreshOnWaking(turn);\n    note',
        'if (now.monotonicMs < 0) refreshOnWaking(turn);\n    note',
      ),
    ],
    caughtBy: ['waking up stale is reason to read'],
  },
  {
    name: 'the interval is half as long again as it should be',
    edits: [
      edit(
        'refresh/rhythm.ts',
        'jittered(usual, settings.jitter, random)',
        'jittered(1.5 * usual, settings.jitter, random)',
      ),
    ],
    caughtBy: ['a change arrives within the stated bound', 'what is verified within the bound is not stale'],
  },
  {
    name: 'the tick waits for three breaks',
    edits: [edit('refresh/rhythm.ts', 'atLeast(breakMs, random)', 'atLeast(3 * breakMs, random)')],
    caughtBy: ['a change arrives within the stated bound', 'what is verified within the bound is not stale'],
  },
  {
    name: 'nobody waits for a store that asks for it',
    edits: [edit('refresh/schedule.ts', 'patienceMs: notBeforeMs - monotonicMs,', 'patienceMs: 0,')],
    caughtBy: ['a store that asks for patience gets it'],
  },
  {
    name: 'nobody waits for a store that asks for it while another serves',
    edits: [
      edit(
        'refresh/flight.ts',
        'state.notBeforeMs = notBeforeMs(turn, flight.failures);',
        'if (!result.ok) state.notBeforeMs = notBeforeMs(turn, flight.failures);',
      ),
    ],
    caughtBy: ['a store that asks for patience gets it'],
  },
  {
    name: 'a second attempt that failed is followed by a third',
    edits: [edit('refresh/flight.ts', 'if (flight.attempt === 1 &&', 'if (')],
    caughtBy: ['a refresh asks a source twice at most'],
  },
  {
    name: 'a store may ask for any patience',
    edits: [edit('refresh/rhythm.ts', 'return Math.min(longestMs(settings), askedMs);', 'return askedMs;')],
    caughtBy: ['a change arrives within the stated bound', 'what is verified within the bound is not stale'],
  },
  {
    name: 'the bound forgets the answer that is on its way',
    edits: [
      edit(
        'refresh/bound.ts',
        'longestUsualMs(pause, jitter) + 2 * timeoutMs;',
        'longestUsualMs(pause, jitter) + timeoutMs;',
      ),
    ],
    caughtBy: ['a change arrives within the stated bound'],
  },
  {
    name: 'resetting the breaker puts off the next read',
    edits: [
      edit('refresh/decide.ts', '      scheduleSooner(turn);', '      backToSchedule(turn);'),
      edit(
        'refresh/decide.ts',
        "import { scheduleSooner } from './schedule.ts';",
        "import { backToSchedule } from './schedule.ts';",
      ),
    ],
    caughtBy: ['a change arrives within the stated bound', 'what is verified within the bound is not stale'],
  },
  {
    name: 'an epoch refused for a wrong clock stays refused',
    edits: [
      edit(
        'refresh/adopt.ts',
        "if (rejection?.revision === undefined || rejection.because === 'document') return rejection?.revision;",
        'if (rejection?.revision === undefined || now_ !== undefined) return rejection?.revision;',
      ),
      edit('refresh/adopt.ts', 'function isRepeated(', 'const now_ = true;\n\nfunction isRepeated('),
    ],
    caughtBy: ['a change arrives within the stated bound', 'what is verified within the bound is not stale'],
  },
  {
    name: 'notices that follow a read are read at once',
    edits: [
      edit(
        'refresh/notices.ts',
        'firstMs - state.lastNoticeReadMs < minNoticeGapMs;',
        'firstMs - state.lastNoticeReadMs < 0;',
      ),
    ],
    caughtBy: ['notices cost at most one read in each gap'],
  },
  {
    name: 'notices are gathered for one gap, however long they go on',
    edits: [
      edit(
        'refresh/notices.ts',
        'Math.min(lastMs + minNoticeGapMs, firstMs + LONGEST_GATHERING_GAPS * minNoticeGapMs)',
        'firstMs + minNoticeGapMs',
      ),
    ],
    caughtBy: ['a burst of notices costs at most two reads'],
  },
  {
    name: 'notices that arrive during a flight are forgotten',
    edits: [
      edit('refresh/background.ts', 'saveAgain(turn);\n  scheduleNotices(turn);', 'turn.state.notices = undefined;'),
    ],
    caughtBy: ['a notice is answered by a read that begins after it'],
  },
  {
    name: 'no read follows an acknowledged subscription',
    edits: [
      edit(
        'refresh/feed.ts',
        "gather(turn, 'subscribed', undefined);",
        "if (turn.now.monotonicMs < 0) gather(turn, 'subscribed', undefined);",
      ),
    ],
    caughtBy: ['a notice is answered by a read that begins after it'],
  },
  {
    name: 'a refused subscription is not ended',
    edits: [edit('refresh/feed.ts', "commands.push({ kind: 'unsubscribe', subscription });", '')],
    caughtBy: ['never two subscriptions'],
  },
  {
    name: 'of the refreshes that wait for a flight only the last is answered',
    edits: [edit('refresh/flight.ts', '[...(trailing?.requests ?? []), ...requests]', 'requests')],
    caughtBy: ['every refresh is answered within two deadlines', 'every refresh is answered'],
  },
  {
    name: 'a refresh during a flight is answered by that flight',
    edits: [
      edit(
        'refresh/flight.ts',
        '    const { trailing } = state;\n    state.trailing = {',
        '    state.flight = { ...state.flight, requests: [...state.flight.requests, ...requests] };\n    const { trailing } = state;\n    if (now.monotonicMs >= 0) return;\n    state.trailing = {',
      ),
    ],
    caughtBy: ['a refresh is answered by a read that follows it'],
  },
  {
    name: 'the second attempt has a deadline of its own',
    edits: [edit('refresh/flight.ts', 'const late = turn.now.monotonicMs >= flight.deadlineMs;', 'const late = true;')],
    caughtBy: ['every refresh is answered within two deadlines'],
  },
  {
    name: 'a timer that is moved rings when it was due before',
    edits: [
      edit(
        'drivers/background/timers.ts',
        'if (dueMs === before[timer] && timer !== rang) continue;',
        'if (dueMs !== undefined && before[timer] !== undefined && timer !== rang) continue;',
      ),
    ],
    caughtBy: [
      'every timer rings',
      'no timer runs that nobody wants',
      'stale is announced on time',
      'a burst of notices costs at most two reads',
      'notices cost at most one read in each gap',
    ],
  },
  {
    name: 'events wait for the next turn of the event loop',
    edits: [edit('drivers/background/boundary.ts', 'Queue.flushUnsafe(events);', '')],
    caughtBy: ['the breaker is closed as soon as it was reset'],
  },
  {
    name: 'timers ring late',
    edits: [edit('drivers/background/timers.ts', 'sleepUntil(dueMs)', 'sleepUntil(dueMs + 50)')],
    caughtBy: ['every timer rings', 'every refresh is answered within two deadlines'],
  },
  {
    name: 'a client looks at its clock ten times as often as it must',
    edits: [
      edit(
        'refresh/stale-timer.ts',
        'Math.max(ageMs > awakeMs ? 1_000 : 1, staleAfterMs - ageMs)',
        'Math.max(ageMs > awakeMs ? 1_000 : 1, (staleAfterMs - ageMs) / 10)',
      ),
    ],
    caughtBy: ['an idle client wakes only for its own polls and one stale timer', 'stale is announced on time'],
  },
  {
    name: 'after a sleep the last moment before stale is waited for again and again',
    edits: [edit('refresh/stale-timer.ts', 'ageMs > awakeMs ? 1_000 : 1', '1')],
    caughtBy: ['an idle client wakes only for its own polls and one stale timer'],
  },
  {
    name: 'after a sleep the turn to stale is waited for a minute longer',
    edits: [edit('refresh/stale-timer.ts', 'ageMs > awakeMs ? 1_000 : 1', 'ageMs > awakeMs ? 60_000 : 1')],
    caughtBy: ['stale is announced on time'],
  },
  {
    name: 'what a timer left that rang early is waited for by one that does so again',
    edits: [edit('drivers/background/sleep.ts', 'Math.ceil(dueMs - nowMs) + spareMs', 'Math.ceil(dueMs - nowMs)')],
    caughtBy: ['an idle client wakes only for its own polls and one stale timer'],
  },
  {
    name: 'the cache forgets the documents that come during a save',
    edits: [
      edit(
        'drivers/background/cache.ts',
        'return yield* Effect.forever(save, { disableYield: true });',
        'return yield* Effect.forever(Effect.andThen(save, Queue.clear(saves)), { disableYield: true });',
      ),
    ],
    caughtBy: ['the cache keeps what was adopted last', 'a save that failed is repeated'],
  },
  {
    name: 'a save that failed is forgotten',
    edits: [
      edit('refresh/cache-saves.ts', 'unsaved: event.snapshot ?? state.cacheTrouble?.unsaved', 'unsaved: undefined'),
    ],
    caughtBy: ['a save that failed is repeated'],
  },
  {
    name: 'a cached document needs no revision',
    edits: [edit('drivers/readings.ts', ' && isRevision(revision);', ' && (isRevision(revision) || true);')],
    caughtBy: ['nothing breaks inside', 'nothing throws'],
  },
  {
    name: 'timers go on after close',
    edits: [
      edit('refresh/background.ts', '  state.timers = {};\n', ''),
      edit(
        'drivers/background/fiber-map.ts',
        'Effect.forkIn(effect, scope, { startImmediately: true })',
        'Effect.forkDetach(effect, { startImmediately: true })',
      ),
    ],
    caughtBy: ['after close nothing is left'],
  },
  {
    name: 'a read goes on after close',
    edits: [
      edit(
        'refresh/background.ts',
        "if (state.flight?.read !== undefined) commands.push({ kind: 'abort-read', read: state.flight.read });",
        '',
      ),
      edit(
        'drivers/background/fiber-map.ts',
        'Effect.forkIn(effect, scope, { startImmediately: true })',
        'Effect.forkDetach(effect, { startImmediately: true })',
      ),
    ],
    caughtBy: ['after close nothing is left'],
  },
  {
    name: 'a closed client still decides',
    edits: [
      edit(
        'refresh/decide.ts',
        "state.phase === 'closed' ? [state, answerClosed(event)] : decideWhileOpen(state, event, now);",
        'decideWhileOpen(state, event, now);',
      ),
    ],
    caughtBy: [
      'after close nothing happens',
      'after close nothing is left',
      'every refresh is answered within two deadlines',
    ],
  },
  {
    name: 'refreshes that wait at close are left waiting',
    edits: [
      edit(
        'refresh/background.ts',
        "if (requests.length > 0) commands.push({ kind: 'answer', requests, result: CLOSED });",
        '',
      ),
    ],
    caughtBy: ['every refresh is answered', 'every refresh is answered within two deadlines'],
  },
  {
    name: 'a store that tells its time is not believed',
    edits: [edit('refresh/adopt.ts', 'if (reading.storeTimeMs !== undefined)', 'if (false)')],
    caughtBy: ['a store that tells its time is believed'],
  },
  {
    name: 'a publication is aged by our own clock',
    edits: [
      edit('refresh/state.ts', 'now.wallMs + (clockOffsetMs ?? 0) - publishedAtMs', 'now.wallMs - publishedAtMs'),
    ],
    caughtBy: ['a publication is as old as it is by the clock of its store'],
  },
  ...LOST_WRITES_MUTANTS,
];
