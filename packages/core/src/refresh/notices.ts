import { compareRevisions, isCounted, type Revision, revisionProblem } from '../document/revision.ts';
import type { Notice } from '../ports/feed.ts';
import { beginRefresh } from './flight.ts';
import { count } from './reports.ts';
import { LONGEST_GATHERING_GAPS } from './settings.ts';
import type { Notices, State } from './state.ts';
import { clearTimer, setTimer, type Turn } from './turn.ts';

/** A notice is a hint: at most it causes one read more. */
export function hearNotice(turn: Turn, subscription: number, notice: Notice): void {
  const { state } = turn;
  if (subscription !== state.subscription) return;
  if (notice.kind === 'foreign') return count(turn, 'feature_flag_notices_total', { outcome: 'foreign' });
  // A revision that cannot be compared names nothing: look again.
  const { revision } = notice;
  const named =
    revision === undefined || revisionProblem(revision, turn.now.wallMs) !== undefined ? undefined : revision;
  if (isServed(state, named)) return count(turn, 'feature_flag_notices_total', { outcome: 'known' });
  count(turn, 'feature_flag_notices_total', { outcome: 'refresh' });
  gather(turn, 'notice', named);
}

/** Joins what waits for a read, and sets when that read is due; during a flight, once it has ended. */
export function gather(turn: Turn, trigger: Notices['trigger'], revision: Revision | undefined): void {
  const { state, now } = turn;
  const { notices } = state;
  state.notices = {
    firstMs: notices?.firstMs ?? now.monotonicMs,
    lastMs: now.monotonicMs,
    revision: notices === undefined ? revision : newer(notices.revision, revision),
    trigger: notices?.trigger === 'subscribed' ? 'subscribed' : trigger,
  };
  scheduleNotices(turn);
}

/** The read that notices asked for is due. */
export function readForNotices(turn: Turn): void {
  const { notices } = turn.state;
  if (notices === undefined) return;
  if (beginRefresh(turn, notices.trigger, { announced: notices.revision }) !== 'joined') answerNotices(turn);
}

/** A read has begun, or was refused, which answers all that was announced before. */
export function answerNotices(turn: Turn): void {
  const { state, now } = turn;
  if (state.notices === undefined) return;
  state.notices = undefined;
  state.lastNoticeReadMs = now.monotonicMs;
  clearTimer(turn, 'notice');
}

/** Sets when to read for the notices that wait: those that the flight which just ended has answered are dropped. */
export function scheduleNotices(turn: Turn): void {
  const { state, now } = turn;
  const { notices } = state;
  if (notices === undefined || state.flight !== undefined) return;
  if (isServed(state, notices.revision)) {
    state.notices = undefined;
    return clearTimer(turn, 'notice');
  }
  const dueMs = dueAtMs(state, notices, now.random);
  if (dueMs === undefined) return;
  if (dueMs > now.monotonicMs) return setTimer(turn, 'notice', dueMs);
  return readForNotices(turn);
}

/**
 * The first notice after a pause is read at once, or within the spread. Those that follow a read closely are gathered
 * until they pause for one gap, but for no more than a few gaps: a burst costs two reads, a flood one in a while (F10).
 * Undefined: as it was set before.
 */
function dueAtMs(state: State, notices: Notices, random: number): number | undefined {
  const { minNoticeGapMs, noticeSpreadMs } = state.settings;
  const { firstMs, lastMs } = notices;
  const close = state.lastNoticeReadMs !== undefined && firstMs - state.lastNoticeReadMs < minNoticeGapMs;
  if (!close && state.timers.notice !== undefined) return undefined;
  const gatheredMs = close
    ? Math.min(lastMs + minNoticeGapMs, firstMs + LONGEST_GATHERING_GAPS * minNoticeGapMs)
    : firstMs;
  return Math.max(gatheredMs + noticeSpreadMs * random, state.notBeforeMs);
}

/**
 * The served document is at this revision or past it: it is that one, or stands on it. Another that is older may still
 * be worth a look: a feed may belong to another store than the source, whose epochs are other moments. Within one epoch
 * versions say so, too: an older publisher keeps the epoch (F90).
 */
function isServed({ served }: State, revision: Revision | undefined): boolean {
  const held = served?.revision;
  if (held === undefined || revision === undefined) return false;
  const order = compareRevisions(revision, held);
  // The same number with another hash is another document: two primaries may have counted on from one.
  if (order === 'same') return true;
  if (order !== 'older' || !isCounted(held) || !isCounted(revision)) return false;
  if (held.epoch === revision.epoch) return true;
  return served?.ancestors?.some((ancestor) => compareRevisions(revision, ancestor) === 'same') === true;
}

/** The one that answers both; undefined where only looking can tell. */
function newer(one: Revision | undefined, other: Revision | undefined): Revision | undefined {
  if (one === undefined || other === undefined || !isCounted(one) || !isCounted(other)) return undefined;
  const order = compareRevisions(other, one);
  if (order === 'different') return undefined;
  return order === 'older' ? one : other;
}
