import { createFlagClient } from '@clarity/flags-core';
import { formatRevision } from '@clarity/flags-core/ports';
import type { FlagStore } from '@clarity/flags-core/ports';
import { EXIT, type Outcome } from '../outcome.ts';
import type { Call } from '../verb.ts';
import { withStore } from '../with-store.ts';

const RECOVERY_CHECK_MS = 500;

export function performWatch(call: Call): Promise<Outcome> {
  return withStore(call, call.words[0]!, (store) => watch(store, call.tell, call.around.interrupted));
}

/** Tells each change, and how fresh it is, until the signal aborts. */
async function watch(store: FlagStore, tell: Call['tell'], signal: AbortSignal): Promise<Outcome> {
  const { source, feed } = store;
  const flags = createFlagClient({
    source,
    ...(feed === undefined ? {} : { feed }),
    refreshMode: feed === undefined ? 'periodic' : 'both',
    refreshIntervalMs: 10_000,
    staleAfterMs: 60_000,
    variables: false,
    logLevel: 'silent',
  });
  const at = (revision: Parameters<typeof formatRevision>[0] | undefined): string =>
    revision === undefined ? 'none' : formatRevision(revision);
  flags.on('ready', ({ revision }) =>
    tell({ event: 'ready', revision }, { text: `revision ${at(revision)}`, tone: 'good' }),
  );
  flags.on('changed', ({ revision, keys }) =>
    tell(
      { event: 'changed', revision, keys },
      { text: `revision ${at(revision)}: ${keys.join(', ') || 'no flag differs'}`, tone: 'good' },
    ),
  );
  flags.on('stale', ({ ageMs, lastError }) =>
    tell(
      { event: 'stale', ageMs, lastError },
      { text: `stale: ${lastError?.message ?? 'not verified in time'}`, tone: 'bad' },
    ),
  );
  let troubled = false;
  flags.on('error', (problem) => {
    troubled = true;
    tell({ event: 'error', ...problem }, { text: `${problem.reason}: ${problem.message}`, tone: 'doubtful' });
  });
  /** The end of a failure that did not last until the flags were stale is not an event. */
  const tellRecovery = (): void => {
    const { refresh_failures: failures, config_stale: stale, feed: feedState } = flags.health();
    if (!troubled || failures > 0 || stale || feedState === 'down' || feedState === 'connecting') return;
    troubled = false;
    const { revision } = flags.freshness();
    tell({ event: 'recovered', revision }, { text: `well again, at revision ${at(revision)}`, tone: 'good' });
  };
  await new Promise<void>((resolve) => {
    // Somebody watches: unlike the client's own timers this one holds the process.
    const hold = setInterval(tellRecovery, RECOVERY_CHECK_MS);
    const stop = (): void => {
      clearInterval(hold);
      resolve();
    };
    signal.addEventListener('abort', stop, { once: true });
    // Somebody may have changed their mind while the store's adapter was loaded.
    if (signal.aborted) stop();
  });
  await flags.close();
  return { code: EXIT.ok, value: { event: 'stopped' }, lines: [] };
}
