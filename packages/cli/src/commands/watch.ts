import { createFlagClient } from '@clarity/flags-core';
import { formatRevision } from '@clarity/flags-core/ports';
import type { Store } from '@clarity/flags-node';
import { EXIT, type Line, type Outcome } from '../outcome.ts';

/** Tells each change, and how fresh it is, until the signal aborts. */
export async function watch(
  store: Store,
  tell: (value: unknown, line: Line) => void,
  signal: AbortSignal,
): Promise<Outcome> {
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
  flags.on('error', (problem) =>
    tell({ event: 'error', ...problem }, { text: `${problem.reason}: ${problem.message}`, tone: 'doubtful' }),
  );
  await new Promise<void>((resolve) => {
    // Somebody watches: unlike the client's own timers this one holds the process.
    const hold = setInterval(() => {}, 60_000);
    signal.addEventListener(
      'abort',
      () => {
        clearInterval(hold);
        resolve();
      },
      { once: true },
    );
  });
  await flags.close();
  return { code: EXIT.ok, value: { event: 'stopped' }, lines: [] };
}
