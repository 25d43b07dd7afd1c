export { connect, type ConnectOptions } from './connect.ts';
export { createFlagClientFromEnv, type FromEnvOptions } from './create-flag-client-from-env.ts';
export { MissingAdapterError } from './missing-adapter-error.ts';
export { parseStoreAddress, type SsmLayout, type StoreAddress, StoreAddressError } from './store-address.ts';
export { featureFlagHealth, getFlagClient, isFeatureEnabled, setFlagClient } from '@clarity/flags-core';
// Declarations of an application that installed only this package name what its client and its stores are from here.
export type * from '@clarity/flags-core';
export type { FlagFeed, FlagPublisher, FlagSource, FlagStore, StoreInspector } from '@clarity/flags-core/ports';
