// Unleash: `isSynchronized()`. Its listener of errors writes to the console where the program has none of its own.
import { once } from 'node:events';
import { InMemStorageProvider, Unleash } from 'unleash-client';
import { unleash as subject } from '../../evaluation/subjects/unleash.ts';
import { FLAG, POLL_MS, type Watchable } from '../watched.ts';

export const unleash: Watchable = {
  routes: () => ({
    '/api/client/features': { text: `{"version":2,"features":${subject.write([FLAG])}}`, type: 'application/json' },
  }),

  async follow(url) {
    const client = new Unleash({
      url: `${url}/api`,
      appName: 'outage',
      refreshInterval: POLL_MS,
      disableMetrics: true,
      storageProvider: new InMemStorageProvider(),
    });
    await once(client, 'synchronized');
    return {
      says: () => (client.isSynchronized() ? 'synchronized' : 'not synchronized'),
      isEnabled: () => client.isEnabled(FLAG.key, { userId: 'u1' }),
      close: () => client.destroy(),
    };
  },
};
