// Clarity Flags over HTTP: `freshness()`.
import { createFlagClient } from '@clarity/flags-core';
import { fetchSource } from '@clarity/flags-fetch';
import { ours as subject } from '../../evaluation/subjects/ours.ts';
import { FLAG, POLL_MS, STALE_AFTER_MS, type Watchable } from '../watched.ts';

export const ours: Watchable = {
  routes: () => ({ '/flags.json': { text: subject.write([FLAG]), type: 'application/json' } }),

  async follow(url) {
    const client = createFlagClient({
      source: fetchSource({ url: `${url}/flags.json` }),
      refreshMode: 'periodic',
      refreshIntervalMs: POLL_MS,
      staleAfterMs: STALE_AFTER_MS,
      variables: false,
    });
    await client.ready();
    return {
      says: () => client.freshness().state,
      isEnabled: () => client.isEnabled(FLAG.key, { userId: 'u1' }),
      close: () => client.close(),
    };
  },
};
