// A store and sources of it whose reads are to be refused; nothing that is said of them may hold a secret.
import { fetchSource, type FetchSourceOptions } from '@clarity/flags-fetch';
import { type FlagSource, isStoreError, type StoreError } from '@clarity/flags-core/ports';
import { expect, onTestFinished } from 'vitest';
import { type HttpStore, startHttpStore } from '../support/http-store.ts';

export const LONG_AGO_MS = Date.UTC(2026, 0, 1, 12);
export const TOKEN = 'tok-c0ffee';
export const SIGNATURE = 'sig-beef01';
export const TEXT = '{"schemaVersion":1,"flags":{"a":{"status":"enabled"}}}';

/** Holds `TEXT`, changed long ago. Ends with the test. */
export async function startFilledStore(): Promise<HttpStore> {
  const store = await startHttpStore();
  onTestFinished(() => store.stop());
  store.put(TEXT, { modifiedAtMs: LONG_AGO_MS });
  return store;
}

/** With a token in a header and a signature in the address. Ends with the test. */
export function secretSource(store: HttpStore, options: Partial<FetchSourceOptions> = {}): FlagSource {
  const source = fetchSource({
    url: `${store.url}?signature=${SIGNATURE}`,
    headers: { authorization: `Bearer ${TOKEN}` },
    ...options,
  });
  onTestFinished(() => source.close());
  return source;
}

/** The error of a read; nothing that can be logged of it holds a secret. */
export async function refusalOf(source: FlagSource, under = new AbortController().signal): Promise<StoreError> {
  const error: unknown = await source.read(undefined, under).then(
    () => undefined,
    (rejection: unknown) => rejection,
  );
  if (!isStoreError(error)) throw new Error(`no StoreError but ${String(error)}`);
  const logged = `${error.message} ${String(error.stack)} ${String(error.cause)}`;
  for (const secret of [TOKEN, SIGNATURE]) expect(logged).not.toContain(secret);
  return error;
}
