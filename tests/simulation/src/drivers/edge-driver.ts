import { signals } from '../../../../packages/core/src/decision/signals.ts';
import { freshnessOf } from '../../../../packages/core/src/decision/state.ts';
import { type EdgeEngine, makeEdgeEngine } from '../../../../packages/core/src/edge/edge-engine.ts';
import type { Driver, DriverKind, DriverParts } from './driver.ts';

/** The engine of runtimes without a background: it works within requests, which the world sends it. */
export const edgeDriver: DriverKind = { name: 'edge', background: false, make: makeEdgeDriver };

function makeEdgeDriver({ parts, time, random }: DriverParts): Driver {
  const { settings, sources, cache, bootstrap, decode, outlets } = parts;
  const stamp = () => ({ monotonicMs: time.monotonicMs(), wallMs: time.wallMs(), bootMs: time.bootMs() });
  let started: EdgeEngine | undefined;
  const engine = (): EdgeEngine => {
    if (started === undefined) throw new Error('the driver was not started');
    return started;
  };
  return {
    start() {
      started = makeEdgeEngine({
        settings,
        sources,
        cache,
        bootstrap,
        decode,
        now: () => ({ ...stamp(), random: random() }),
        wait: (ms, run) => time.sleep(ms, run),
        changed: (state, before) => outlets.changed(state, before),
        signals,
        tell(command) {
          if (command.kind === 'announce') outlets.announce(command.announcement);
          else if (command.kind === 'log') outlets.log(command.entry);
        },
      });
      engine().touch();
    },
    request: () => engine().touch(),
    refresh: (force) => engine().refresh(force),
    resetBreaker: () => {},
    look: () => engine().freshness(),
    peek: () => freshnessOf(engine().state(), stamp()),
    state: () => engine().state(),
    close: () => {},
  };
}
