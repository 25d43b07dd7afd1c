import { textHash } from '@clarity/flags-core/adapter-kit';
import { isCounted, type ReadResult, type Revision, StoreError } from '@clarity/flags-core/ports';
import type { SsmCalls } from '../ssm-calls.ts';
import { timesOf } from './times.ts';

/**
 * One parameter that holds the JSON document: one call, changed or not. The revision is the hash of the text and not
 * the parameter's version, which begins at 1 again when somebody deletes the parameter and makes it anew.
 */
export async function readSingle(
  calls: SsmCalls,
  parameter: string,
  maxBytes: number,
  known: Revision | undefined,
  signal: AbortSignal,
): Promise<ReadResult> {
  const stored = await calls.getParameter(parameter, signal);
  const revision = { hash: await textHash(stored.value) };
  const bytes = new TextEncoder().encode(stored.value).length;
  if (bytes > maxBytes) {
    throw new StoreError(
      'too-large',
      `the parameter ${parameter} has ${bytes} bytes and at most ${maxBytes} are allowed; raise maxBytes`,
      { revision },
    );
  }
  const reading = { revision, ...timesOf(stored.modifiedAtMs, calls.storeTimeMs) };
  const same = known !== undefined && !isCounted(known) && known.hash === revision.hash;
  return same
    ? { kind: 'unchanged', ...reading }
    : { kind: 'document', text: stored.value, complete: true, ...reading };
}
