import { signals } from '../../../../packages/core/src/refresh/announcements.ts';
import { freshnessOf } from '../../../../packages/core/src/refresh/state.ts';
import { type InRequestDriver, makeInRequestDriver } from '../../../../packages/core/src/drivers/in-request.ts';
import type { Driver, DriverKind, SimulatedParts } from './driver.ts';

/** The driver of runtimes without a background: it works within requests, which the world sends it. */
export const edgeDriver: DriverKind = { name: 'edge', background: false, make: makeEdgeDriver };

function makeEdgeDriver({ parts, time, random }: SimulatedParts): Driver {
  const { settings, sources, cache, bootstrap, decode, outlets } = parts;
  const stamp = () => ({ monotonicMs: time.monotonicMs(), wallMs: time.wallMs(), bootMs: time.bootMs() });
  let started: InRequestDriver | undefined;
  const driver = (): InRequestDriver => {
    if (started === undefined) throw new Error('the driver was not started');
    return started;
  };
  return {
    start() {
      started = makeInRequestDriver({
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
      driver().touch();
    },
    request: () => driver().touch(),
    refresh: (force) => driver().refresh(force),
    resetBreaker: () => {},
    look: () => driver().freshness(),
    peek: () => freshnessOf(driver().state(), stamp()),
    state: () => driver().state(),
    close: () => {},
  };
}
