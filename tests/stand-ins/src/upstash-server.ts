/** A stand-in for the REST API of Upstash: `@clarity/flags-stand-ins/upstash-server`. Runs on Node, with ioredis. */
export type { FaultScope } from './fault-queue.ts';
export type { WireFault } from './wire-fault.ts';
export {
  startUpstashServer,
  type UpstashCall,
  type UpstashFault,
  type UpstashOperation,
  type UpstashServer,
  type UpstashServerOptions,
} from './upstash/server.ts';
