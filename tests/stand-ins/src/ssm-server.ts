/** A stand-in for AWS SSM Parameter Store: `@clarity/flags-stand-ins/ssm-server`. Runs on Node. */
export type { SsmOperation } from './ssm/operations.ts';
export type {
  ParameterStore as SsmParameterStore,
  ParameterTier as SsmParameterTier,
  ParameterType as SsmParameterType,
  ParameterVersion as SsmParameterVersion,
  PutRequest as SsmPutRequest,
} from './ssm/parameter-store.ts';
export { type SsmCall, type SsmFault, type SsmServer, type SsmServerOptions, startSsmServer } from './ssm/server.ts';
export type { FaultScope } from './fault-queue.ts';
export type { WireFault } from './wire-fault.ts';
