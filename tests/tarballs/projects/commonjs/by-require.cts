import { createFlagClient, type FlagClient } from '@clarity/flags-core';
import { memoryStore } from '@clarity/flags-testing';
import { setupFeatureFlags } from '@clarity/flags-express';

export const byRequire = createFlagClient({ source: memoryStore().source });
export const setUp = setupFeatureFlags;
export function takesOne(client: FlagClient): boolean {
  return client.isEnabled('new_checkout');
}
