import type { Freshness } from '../../refresh/freshness.ts';
import type { FlagValue } from '../../document/types.ts';
import type { EvaluationDetails } from '../../evaluation/details.ts';
import type { ClientEvaluationDetails } from './flag-evaluations.ts';

/** Details of all flags, each with the revision that was served and how far it can be trusted. */
export function placed(
  all: Readonly<Record<string, EvaluationDetails<FlagValue | null>>>,
  revision: string | null,
  freshness: Freshness['state'],
): Readonly<Record<string, ClientEvaluationDetails<FlagValue | null>>> {
  const details = Object.create(null) as Record<string, ClientEvaluationDetails<FlagValue | null>>;
  for (const [key, one] of Object.entries(all)) details[key] = { ...one, revision, freshness };
  return details;
}
