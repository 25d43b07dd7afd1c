import type { EvaluationContext } from '@clarity/flags-core';
import type { Request } from 'express';

/** The user is named by the query; a real application takes the one who is logged in. */
export function whoAsks({ query: { user } }: Request): EvaluationContext {
  return typeof user === 'string' ? { userId: user } : {};
}
