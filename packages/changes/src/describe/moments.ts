import { instantOf } from '@clarity/flags-core/definition';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY_MS = 86_400_000;

/**
 * A moment as short as it can be from where `atMs` stands, in UTC: `14:30 UTC` on the same day, `8 Dec` in the same
 * year, else `8 Dec 2027`.
 */
export function shortMoment(ms: number, atMs: number): string {
  if (Math.floor(ms / DAY_MS) === Math.floor(atMs / DAY_MS)) return timeOf(ms);
  const day = dayOf(ms);
  return new Date(ms).getUTCFullYear() === new Date(atMs).getUTCFullYear() ? day : `${day} ${yearOf(ms)}`;
}

/** An instant of a document to the minute, in UTC: `8 Dec 2026, 09:00 UTC`; the day alone where it begins. */
export function exactMoment(instant: string): string {
  const ms = instantOf(instant);
  const day = `${dayOf(ms)} ${yearOf(ms)}`;
  return ms % DAY_MS === 0 ? day : `${day}, ${timeOf(ms)}`;
}

function dayOf(ms: number): string {
  const date = new Date(ms);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}

function yearOf(ms: number): number {
  return new Date(ms).getUTCFullYear();
}

function timeOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 16)} UTC`;
}
