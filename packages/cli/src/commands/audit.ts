import { type AuditVerdict, verify } from '@clarity/flags-changes';
import { type FlagStore, type HistoryEntry, isStoreError, type Revision } from '@clarity/flags-core/ports';
import { EXIT, type Line, type Outcome, UsageError } from '../outcome.ts';
import { readStore } from '../read-store.ts';
import type { Call } from '../verb.ts';
import { withStore } from '../with-store.ts';
import { historyOf } from './history.ts';

export interface AuditOptions {
  /** `seq:hash`, as an earlier verify told. */
  readonly anchor?: { readonly seq: number; readonly hash: string };
}

export function performAudit(call: Call<AuditOptions>): Promise<Outcome> {
  const [what = '', address = ''] = call.words;
  if (what !== 'verify' && what !== 'export')
    throw new UsageError(`audit is asked for ${JSON.stringify(what)}; allowed is verify or export`);
  return withStore(call, address, (store, within) =>
    within((signal) => (what === 'verify' ? verified(store, call, signal) : exported(store, signal))),
  );
}

async function verified(store: FlagStore, { options }: Call<AuditOptions>, signal: AbortSignal): Promise<Outcome> {
  const history = historyOf(store);
  const held = await heldRevision(store, signal);
  const anchors = options.anchor === undefined ? [] : [options.anchor];
  const verdict = await verify(history, { held, anchors }, signal);
  return {
    code: verdict.ok ? EXIT.ok : EXIT.findings,
    value: { store: store.source.name, ...verdict },
    lines: [
      ...verdict.findings.map(({ kind, message }): Line => ({
        text: message,
        tone: kind === 'outside' ? 'doubtful' : 'bad',
      })),
      endOf(verdict, store.source.name),
    ],
  };
}

function endOf({ ok, entries, head }: AuditVerdict, name: string): Line {
  if (head === undefined) return { text: `${name} has no history yet`, tone: ok ? 'quiet' : 'bad' };
  const count = entries === 1 ? '1 entry' : `${entries} entries`;
  return ok
    ? {
        text: `the history of ${name} is whole: ${count}; to hold it against this later: --anchor ${head.seq}:${head.hash}`,
        tone: 'good',
      }
    : { text: `the history of ${name} was bent: ${count} that can be read`, tone: 'bad' };
}

async function heldRevision(store: FlagStore, signal: AbortSignal): Promise<Revision | null> {
  try {
    return (await readStore(store, signal)).revision;
  } catch (error) {
    if (isStoreError(error) && error.reason === 'not-found') return null;
    if (isStoreError(error) && error.revision !== undefined) return error.revision;
    throw error;
  }
}

/** Every entry as it is stored, oldest first, one a line, each with its hash. */
async function exported(store: FlagStore, signal: AbortSignal): Promise<Outcome> {
  const history = historyOf(store);
  const entries: HistoryEntry[] = [];
  let beforeSeq: number | undefined;
  do {
    const page = await history.entries({ limit: 1_000, ...(beforeSeq !== undefined && { beforeSeq }) }, signal);
    entries.push(...page.entries);
    beforeSeq = page.olderThan;
  } while (beforeSeq !== undefined);
  const lines = entries.toReversed().map(({ hash, text }) => JSON.stringify({ hash, entry: text }));
  return { code: EXIT.ok, value: lines, lines: [], raw: lines.map((line) => `${line}\n`).join('') };
}
