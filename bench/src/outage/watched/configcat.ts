// ConfigCat: the state of the cache in a snapshot.
import { ClientCacheState, getClient, PollingMode } from '@configcat/sdk';
import { configcat as subject } from '../../evaluation/subjects/configcat.ts';
import { FLAG, POLL_MS, type Watchable } from '../watched.ts';

const KEY = 'configcat-proxy/outage';

export const configcat: Watchable = {
  routes: () => ({
    [`/configuration-files/${KEY}/config_v6.json`]: { text: subject.write([FLAG]), type: 'application/json' },
  }),

  async follow(url) {
    const client = getClient(KEY, PollingMode.AutoPoll, { baseUrl: url, pollIntervalSeconds: POLL_MS / 1000 });
    await client.waitForReady();
    return {
      says: () => WORDS[client.snapshot().cacheState],
      isEnabled: () => client.snapshot().getValue(FLAG.key, false, { identifier: 'u1' }),
      close: () => client.dispose(),
    };
  },
};

const WORDS: Readonly<Record<ClientCacheState, string>> = {
  [ClientCacheState.NoFlagData]: 'no flag data',
  [ClientCacheState.HasLocalOverrideFlagDataOnly]: 'local override only',
  [ClientCacheState.HasCachedFlagDataOnly]: 'cached only',
  [ClientCacheState.HasUpToDateFlagData]: 'up to date',
};
