// A client in a process of its own. Arguments: whose, and the address of the store. Asked by any message, it tells what
// the client says now and how often it wrote to the log since it was asked before.
import { loadWatchable, type WatchedName } from './watchables.ts';
import type { Look } from './look.ts';

let lines = 0;
for (const level of ['warn', 'error'] as const) {
  // One for each call: a stack in it makes it no more.
  console[level] = (first: unknown) => {
    // LaunchDarkly's own logger writes lines of every level to this one.
    if (!/^(info|debug): /.test(String(first))) lines++;
  };
}

const [name, url = ''] = process.argv.slice(2);
const watched = await (await loadWatchable(name as WatchedName)).follow(url);
process.on('message', () => {
  void (async () => {
    const look: Look = { says: await watched.says(), on: await watched.isEnabled(), lines };
    lines = 0;
    process.send?.(look);
  })();
});
process.once('disconnect', () => {
  void watched.close();
  process.exit();
});
process.send?.('ready');
