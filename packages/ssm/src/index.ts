export type { SsmConnectionOptions } from './connection-options.ts';
export type { SsmStoreOptions } from './ssm-options.ts';
export { type SsmPublisher, ssmPublisher, type SsmPublisherOptions } from './ssm-publisher.ts';
export {
  type ChunkedSourceOptions,
  type PerFlagSourceOptions,
  type SingleSourceOptions,
  ssmSource,
  type SsmSourceOptions,
} from './ssm-source.ts';
export { type SsmStore, ssmStore } from './ssm-store.ts';
