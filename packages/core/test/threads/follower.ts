import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { followFlags } from '../../src/threads.ts';

/** A worker that follows, asks each flag in a loop without pause, and reports what it saw. */
const { flags: port } = workerData as { flags: MessagePort };
const flags = followFlags(port);
const heard: string[] = [];
for (const event of ['rejected', 'store.lost-writes'] as const) flags.on(event, () => void heard.push(event));

parentPort?.on('message', async (asked: { readonly ask: string }) => {
  switch (asked.ask) {
    case 'ready':
      await flags.ready();
      return tell();
    case 'state':
      return tell();
    case 'refresh':
      parentPort?.postMessage({ result: await flags.refresh() });
      return undefined;
    case 'torn': {
      // Flags of one document agree with each other; a mix of two documents would not.
      let looks = 0;
      let torn = 0;
      const until = new Promise<void>((resolve) => {
        flags.on('changed', ({ revision }) => {
          const view = flags.forContext({});
          for (let i = 0; i < 20; i++) if (view.isEnabled(`f${i}`) !== view.isEnabled('f0')) torn += 1;
          looks += 1;
          if (revision !== undefined && 'version' in revision && revision.version >= 50) resolve();
        });
      });
      parentPort?.postMessage({ watching: true });
      await until;
      parentPort?.postMessage({ looks, torn });
      return undefined;
    }
    case 'close':
      await flags.close();
      parentPort?.close();
      return undefined;
    default:
      throw new Error(`unknown question ${asked.ask}`);
  }
});

function tell(): void {
  const { state, revision, origin, feed, breaker } = flags.freshness();
  parentPort?.postMessage({
    state,
    revision,
    origin,
    feed,
    breaker: breaker.state,
    health: flags.health(),
    a: flags.isEnabled('a'),
    f0: flags.isEnabled('f0'),
    heard,
  });
}
