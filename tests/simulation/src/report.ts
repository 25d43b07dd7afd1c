import { DEFAULT_DRIVER } from './drivers/drivers.ts';
import type { History } from './history.ts';
import type { Outcome } from './simulate.ts';
import { describeAction } from './world/describe.ts';

/**
 * A failing history as a person can read it: what failed, in which surroundings, after what, and how to see it again.
 */
export function report(original: History, shrunk: History, outcome: Outcome, driver: string): string {
  const { violation, journal } = outcome;
  const { settings, machine, stores, feed, cache, bootstrap, restMs, requestsEveryMs } = shrunk;
  const { breaker, ...others } = settings;
  return [
    `Seed ${original.seed} breaks an invariant: ${violation?.invariant ?? 'none'}`,
    `  ${violation?.message ?? ''}`,
    '',
    `The shortest history found that does (${shrunk.actions.length} of ${original.actions.length} actions):`,
    ...shrunk.actions.map((action) => `${(action.atMs / 1000).toFixed(3).padStart(12)} s  ${describeAction(action)}`),
    `${(restMs / 1000).toFixed(3).padStart(12)} s of rest after it`,
    '',
    'Surroundings:',
    `  settings  ${fields(others)}`,
    `  breaker   ${fields(breaker)}`,
    `  machine   ${fields(machine)}`,
    ...stores.map((store, index) => `  ${(settings.sources[index] ?? '').padEnd(9)} ${fields(store)}`),
    ...(feed === undefined ? [] : [`  feed      ${fields(feed)}`]),
    ...(cache === undefined ? [] : [`  cache     ${fields(cache)}`]),
    ...(bootstrap ? ['  with a bootstrap document'] : []),
    ...(requestsEveryMs === undefined ? [] : [`  requests  one in ${requestsEveryMs} ms`]),
    '',
    'What happened in it, to the end:',
    ...tail(withoutQuietPolls(journal?.lines ?? [])),
    '',
    `Again: npm run simulate -- --seed ${original.seed} --histories 1${driver === DEFAULT_DRIVER.name ? '' : ` --driver ${driver}`}`,
  ].join('\n');
}

/** Polls that found nothing new are told as one line. */
function withoutQuietPolls(lines: readonly string[]): readonly string[] {
  const told: string[] = [];
  let quiet = 0;
  const tellQuiet = (): void => {
    if (quiet > 0) told.push(`                ${quiet} ${quiet === 1 ? 'poll' : 'polls'} found nothing new`);
    quiet = 0;
  };
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const next = lines[index + 1] ?? '';
    if (/ read \d+ of .* begins/.test(line) && / read \d+ is answered: unchanged/.test(next)) {
      quiet += 1;
      index += 1;
      continue;
    }
    tellQuiet();
    told.push(line);
  }
  tellQuiet();
  return told;
}

const MOST_LINES = 120;

function tail(lines: readonly string[]): readonly string[] {
  const hidden = lines.length - MOST_LINES;
  return hidden <= 0 ? lines : [`         ... ${hidden} lines before`, ...lines.slice(hidden)];
}

function fields(record: object): string {
  return Object.entries(record)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');
}
