/**
 * When a source is told that something was announced, whereupon it may download at once: only while notices keep their
 * word. Who may publish notices, and nothing else, makes every client download its document once, and from then on ask
 * small questions (F93).
 */
import { compareRevisions, type Revision } from '../document/revision.ts';
import type { ReadVerdict } from './adopt.ts';
import type { Flight, State } from './state.ts';
import type { Turn } from './turn.ts';

/** What this read hands to its source as announced. Notices speak of the first one only. */
export function announcedTo(state: State, { announced }: Flight, source: number): Revision | undefined {
  if (announced === undefined || source !== 0 || state.announcedInVain === true) return undefined;
  // What is older than what the source held before is not adopted: there is nothing to download for sure.
  const lineage = state.lineages[source];
  return lineage !== undefined && compareRevisions(announced, lineage) === 'older' ? undefined : announced;
}

/** Whether the notices that this read answers had anything to tell. Of a store that gave nothing, nobody knows. */
export function judgeNotices({ state }: Turn, { announced }: Flight, source: number, verdict: ReadVerdict): void {
  if (announced === undefined || source !== 0) return;
  if (verdict.kind === 'verified') state.announcedInVain = verdict.result.ok && verdict.result.outcome === 'unchanged';
  else if (verdict.failure.outcome !== 'failure') state.announcedInVain = true;
}
