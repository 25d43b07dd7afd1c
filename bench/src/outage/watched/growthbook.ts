// GrowthBook: `ready`. It has no other word for how it is.
import { GrowthBookClient } from '@growthbook/growthbook';
import { growthbook as subject } from '../../evaluation/subjects/growthbook.ts';
import { FLAG, POLL_MS, type Watchable } from '../watched.ts';

export const growthbook: Watchable = {
  routes: () => ({ '/api/features/sdk-outage': { text: subject.write([FLAG]), type: 'application/json' } }),

  async follow(url) {
    const client = new GrowthBookClient({ apiHost: url, clientKey: 'sdk-outage' });
    await client.init({ pollingInterval: POLL_MS });
    return {
      says: () => (client.ready ? 'ready' : 'not ready'),
      isEnabled: () => client.isOn(FLAG.key, { attributes: { id: 'u1' } }),
      close: () => client.destroy(),
    };
  },
};
