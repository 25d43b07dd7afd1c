/**
 * The seam for other drivers: `@clarity/flags-core/driver`. A driver brings a client its state; that of
 * `@clarity/flags-testing` holds flags in memory. What is here follows the decisions of core, and may change with any
 * minor version.
 */
export type { DrivenClientOptions } from './client/start-flag-client.ts';
export { openFlagClient } from './client/start-flag-client.ts';
export type { Requests } from './drivers/dispatcher.ts';
export { makeRequests, oneByOne } from './drivers/dispatcher.ts';
export type { DriverParts, Outlets } from './drivers/parts.ts';
export type { DriverRunner, RunningDriver } from './drivers/running-driver.ts';
export type { Moment } from './refresh/moment.ts';
export { nextState } from './refresh/decide.ts';
export type { Announcement, Command } from './refresh/protocol.ts';
export type { Settings } from './refresh/settings.ts';
export type { Snapshot } from './refresh/snapshot.ts';
export type { State } from './refresh/state.ts';
export { freshnessOf, initialState } from './refresh/state.ts';
