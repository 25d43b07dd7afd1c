/** Log and metrics for the client of `./edge`: `@clarity/flags-core/edge-signals`. */
export type { EdgeSignalsOptions } from './edge/edge-signals.ts';
export { edgeSignals } from './edge/edge-signals.ts';
export type { EdgeSignals } from './edge/signals.ts';
