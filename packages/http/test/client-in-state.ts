import type { FlagClient } from '@clarity/flags-core';

// TODO(real client)
export function clientIn(state: 'never' | 'fresh' | 'stale', reason?: string): FlagClient {
  return {
    freshness: () => ({ state, lastError: reason === undefined ? null : { reason, message: 'secret detail' } }),
    health: () => ({
      healthy: state === 'fresh',
      freshness: state,
      refresh_mode: 'none',
      config_stale: state !== 'fresh',
    }),
  } as unknown as FlagClient;
}
