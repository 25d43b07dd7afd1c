import { allPages } from '../all-pages.ts';
import type { SsmCalls, StoredVersion } from '../ssm-calls.ts';
import { withPatience } from './throttle-patience.ts';

/** Oldest first. */
export async function historyOf(
  calls: SsmCalls,
  parameter: string,
  signal: AbortSignal,
): Promise<readonly StoredVersion[]> {
  const versions = await allPages(`read the history of ${parameter}`, (nextToken) =>
    withPatience(() => calls.getHistory(parameter, nextToken, signal), signal),
  );
  return versions.toSorted((one, other) => one.version - other.version);
}
