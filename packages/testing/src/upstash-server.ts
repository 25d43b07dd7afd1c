/** A stand-in for the REST API of Upstash: `@clarity/flags-testing/upstash-server`. Runs on Node, with ioredis. */
export type { FaultScope } from './stand-in/fault-queue.ts';
export type { WireFault } from './stand-in/wire-fault.ts';
export {
  startUpstashServer,
  type UpstashCall,
  type UpstashFault,
  type UpstashOperation,
  type UpstashServer,
  type UpstashServerOptions,
} from './upstash/server.ts';
