/** The client for runtimes without a background: `@clarity/flags-core/edge`. */
export type {
  EdgeEvaluationDetails,
  EdgeFacts,
  EdgeFlagClient,
  EdgeFlagClientOptions,
  RequestContext,
} from './edge/edge-flag-client.ts';
export { createEdgeFlagClient } from './edge/edge-flag-client.ts';
