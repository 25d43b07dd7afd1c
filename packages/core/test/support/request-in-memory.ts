// Run with --expose-gc: whether requests in which a client was made, and asked to refresh, can be collected while it
// goes on.
import { AsyncLocalStorage } from 'node:async_hooks';
import { createFlagClient } from '../../src/client/create-flag-client.ts';
import { documentText } from './scripted-source.ts';

interface Request {
  readonly body: Uint8Array;
}

const requests = new AsyncLocalStorage<Request>();
let version = 0;

function made(): readonly [WeakRef<Request>, ReturnType<typeof createFlagClient>] {
  const request = { body: new Uint8Array(1_000) };
  const client = requests.run(request, () =>
    createFlagClient({
      source: {
        name: 'memory',
        read: async () => {
          version += 1;
          return { kind: 'document', revision: { epoch: 1, version }, text: documentText(version) };
        },
        close: async () => {},
      },
      refreshMode: 'periodic',
      refreshIntervalMs: 20,
      refreshJitter: 0,
      variables: false,
      logLevel: 'silent',
    }),
  );
  return [new WeakRef(request), client];
}

async function refreshed(client: ReturnType<typeof createFlagClient>): Promise<WeakRef<Request>> {
  const request = { body: new Uint8Array(1_000) };
  await requests.run(request, () => client.refresh());
  return new WeakRef(request);
}

/** What a timer that is begun within a request holds: the test would prove nothing otherwise. */
function control(): readonly [WeakRef<Request>, ReturnType<typeof setInterval>] {
  const request = { body: new Uint8Array(1_000) };
  return [new WeakRef(request), requests.run(request, () => setInterval(() => {}, 1_000))];
}

const [maker, client] = made();
await client.ready();
const asker = await refreshed(client);
const [held, timer] = control();
const before = version;
for (let round = 0; round < 20; round += 1) {
  await new Promise((resolve) => setTimeout(resolve, 20));
  globalThis.gc?.();
}
const state = (reference: WeakRef<Request>): string => (reference.deref() === undefined ? 'collected' : 'held');
console.log(
  JSON.stringify({
    made: state(maker),
    refreshed: state(asker),
    reads: version - before > 3 ? 'some' : 'none',
    control: state(held),
  }),
);
clearInterval(timer);
await client.close();
