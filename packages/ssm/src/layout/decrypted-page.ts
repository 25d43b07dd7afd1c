import { KeyRefused } from '../aws-error.ts';
import type { Page, PathPage, SsmCalls, StoredParameter } from '../ssm-calls.ts';

/** A parameter below the path; without a value when it is a SecureString whose key this identity may not use. */
export type Entry = Omit<StoredParameter, 'value'> & { readonly value: string | undefined };

/**
 * One page below a path, decrypted. AWS fails the whole page for one key that KMS refuses, as that of somebody else's
 * secret below the same path; so the page is read as it is stored then, and what is secure is asked for one by one
 * (F65). `refused` is what AWS said.
 */
export async function readPage(
  calls: SsmCalls,
  path: string,
  page: Omit<PathPage, 'decrypt'>,
  signal: AbortSignal,
): Promise<Page<Entry> & { readonly refused?: KeyRefused }> {
  try {
    return await calls.getParametersByPath(path, { ...page, decrypt: true }, signal);
  } catch (error) {
    if (!(error instanceof KeyRefused)) throw error;
    const { items, nextToken } = await calls.getParametersByPath(path, { ...page, decrypt: false }, signal);
    const selector = page.label === undefined ? '' : `:${page.label}`;
    const entries: Entry[] = [];
    for (const item of items) {
      entries.push(item.isSecure ? await decrypted(calls, item, selector, signal) : item);
    }
    return { items: entries, nextToken, refused: error };
  }
}

async function decrypted(
  calls: SsmCalls,
  item: StoredParameter,
  selector: string,
  signal: AbortSignal,
): Promise<Entry> {
  try {
    const { value } = await calls.getParameter(item.name + selector, signal);
    return { ...item, value };
  } catch (error) {
    if (error instanceof KeyRefused) return { ...item, value: undefined };
    throw error;
  }
}
