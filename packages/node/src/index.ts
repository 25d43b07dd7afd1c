export { connect, type ConnectOptions } from './connect.ts';
export { createFlagClientFromEnv, type FromEnvOptions } from './create-flag-client-from-env.ts';
export { MissingAdapterError } from './missing-adapter-error.ts';
export { parseStoreAddress, type SsmLayout, type StoreAddress, StoreAddressError } from './store-address.ts';
export { featureFlagHealth, getFlagClient, isFeatureEnabled, setFlagClient } from '@clarity/flags-core';
// All of them: declarations of an application that installed only this package name what its client gives from here.
export type * from '@clarity/flags-core';
