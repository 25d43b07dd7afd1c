/** A stand-in for AWS SSM Parameter Store: `@clarity/flags-testing/ssm-server`. Runs on Node. */
export type { FaultScope as SsmFaultScope, SsmFault } from './ssm/fault.ts';
export type { SsmOperation } from './ssm/operations.ts';
export type {
  ParameterStore as SsmParameterStore,
  ParameterTier as SsmParameterTier,
  ParameterType as SsmParameterType,
  ParameterVersion as SsmParameterVersion,
  PutRequest as SsmPutRequest,
} from './ssm/parameter-store.ts';
export { type SsmCall, type SsmServer, type SsmServerOptions, startSsmServer } from './ssm/server.ts';
