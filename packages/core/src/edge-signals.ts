/** Log and metrics for the client of `./edge`: `@clarity/flags-core/edge-signals`. */
export type { EdgeSignals, EdgeSignalsOptions } from './edge/edge-signals.ts';
export { edgeSignals } from './edge/edge-signals.ts';
