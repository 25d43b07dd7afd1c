import type { OperatorName } from './types.ts';

/** What an operator compares with. */
export type OperandKind = 'none' | 'scalar' | 'scalars' | 'texts' | 'pattern' | 'number' | 'instant' | 'version' | 'networks';

/** Every operator that this version knows. A flag with another one is set aside. */
export const OPERATORS: ReadonlyMap<string, OperandKind> = new Map<OperatorName, OperandKind>([
  ['exists', 'none'],
  ['equals', 'scalar'],
  ['in', 'scalars'],
  ['contains', 'texts'],
  ['startsWith', 'texts'],
  ['endsWith', 'texts'],
  ['matches', 'pattern'],
  ['lessThan', 'number'],
  ['atMost', 'number'],
  ['greaterThan', 'number'],
  ['atLeast', 'number'],
  ['before', 'instant'],
  ['after', 'instant'],
  ['semverEquals', 'version'],
  ['semverLessThan', 'version'],
  ['semverAtMost', 'version'],
  ['semverGreaterThan', 'version'],
  ['semverAtLeast', 'version'],
  ['inNetwork', 'networks'],
]);
