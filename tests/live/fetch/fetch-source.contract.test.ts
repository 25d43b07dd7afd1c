import { fetchSource } from '@clarity/flags-fetch';
import { describeSourceContract, type SourceHarness } from '@clarity/flags-testing/contracts';
import { type HttpStoreOptions, startHttpStore } from '../support/http-store.ts';
import { startProxy } from '../support/proxy.ts';

const TOKEN = 'tok-5f1d0c';
const SIGNATURE = 'sig-8a77e2';

/** The source reads through the proxy; the document is put into the server behind it. */
function harness(serverOptions: HttpStoreOptions): SourceHarness {
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

describeSourceContract('fetch, server with ETag and Last-Modified', harness({ validators: 'both' }));
describeSourceContract('fetch, server with ETag', harness({ validators: 'etag' }));
describeSourceContract('fetch, server with Last-Modified', harness({ validators: 'last-modified' }));
describeSourceContract('fetch, server without validators', harness({ validators: 'none' }));
