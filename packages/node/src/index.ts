export { MissingAdapterError } from './adapters.ts';
export { connect, type ConnectOptions } from './connect.ts';
export { createFlagClientFromEnv, type FromEnvOptions } from './create-flag-client-from-env.ts';
export { parseStoreAddress, type SsmLayout, type StoreAddress, StoreAddressError } from './store-address.ts';
export { featureFlagHealth, getFlagClient, isFeatureEnabled, setFlagClient } from '@clarity/flags-core';
