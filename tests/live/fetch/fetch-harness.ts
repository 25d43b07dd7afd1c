// A harness over a real HTTP server behind a proxy: the source reads through the proxy, the document is put into the
// server.
import { fetchSource } from '@clarity/flags-fetch';
import type { SourceHarness } from '@clarity/flags-testing/checks';
import { type HttpStoreOptions, startHttpStore } from '../support/http-store.ts';
import { startProxy } from '../support/proxy.ts';

const TOKEN = 'tok-5f1d0c';
const SIGNATURE = 'sig-8a77e2';

export function sourceHarness(serverOptions: HttpStoreOptions): SourceHarness {
  return {
    open: async () => {
      const store = await startHttpStore(serverOptions);
      const proxy = await startProxy({ port: store.port });
      store.requireToken(TOKEN);
      const mend = async (): Promise<void> => {
        store.mend();
        await proxy.mend();
      };
      return {
        source: fetchSource({
          url: `http://127.0.0.1:${proxy.port}/flags.json?signature=${SIGNATURE}`,
          headers: { authorization: `Bearer ${TOKEN}` },
        }),
        seed: async (text) => store.put(text),
        secrets: [TOKEN, SIGNATURE],
        faults: {
          down: async () => {
            await proxy.down();
            return mend;
          },
          hang: async () => {
            proxy.freeze();
            return mend;
          },
          unauthorized: async () => {
            store.requireToken('another token');
            return mend;
          },
          gone: async () => {
            store.remove();
            return mend;
          },
          corrupt: async () => {
            store.put(new Uint8Array([0x7b, 0xff, 0xfe]));
            return mend;
          },
        },
        dispose: async () => {
          await proxy.stop();
          await store.stop();
        },
      };
    },
  };
}
