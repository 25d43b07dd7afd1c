export { postgresFeed, type PostgresFeedOptions } from './postgres-feed.ts';
export { postgresInspector } from './postgres-inspector.ts';
export type {
  DocumentOptions,
  PostgresAddress,
  PostgresOptions,
  PostgresPlace,
  PostgresPool,
  PostgresPoolClient,
  PostgresPoolGiven,
  PostgresQuery,
} from './postgres-options.ts';
export { postgresPublisher, type PostgresPublisherOptions } from './postgres-publisher.ts';
export { postgresSetup } from './postgres-setup.ts';
export { postgresSource, type PostgresSourceOptions } from './postgres-source.ts';
export { postgresStore, type PostgresStore, type PostgresStoreOptions } from './postgres-store.ts';
export { type SetupOptions, setupStatements } from './setup-statements.ts';
