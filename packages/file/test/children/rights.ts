// Tries every role on paths that an ordinary user may not touch, and reports what each call rejects with.
// Arguments: path of an unreadable file, path of a file in a directory that may not be written, user id to become.
import { fileCache, fileFeed, filePublisher, fileSource } from '@clarity/flags-file';
import { isStoreError, type StoreError } from '@clarity/flags-core/ports';

const [secret = '', readOnly = '', user = ''] = process.argv.slice(2);
if (process.getuid?.() === 0) process.setuid?.(Number(user));
const never = new AbortController().signal;
const document = '{"schemaVersion":1,"flags":{"a":{"status":"enabled"}}}';
const snapshot = { text: document, revision: { hash: 'a' }, source: 'primary', verifiedAtMs: 1 };

async function reasonOf(call: Promise<unknown>): Promise<{ reason: string; message: string }> {
  try {
    await call;
  } catch (error) {
    if (isStoreError(error)) return { reason: error.reason, message: error.message };
    return { reason: 'not a StoreError', message: String(error) };
  }
  return { reason: 'none', message: '' };
}

const lost = new Promise<StoreError>((resolve) => {
  const listener = { notice: () => undefined, down: resolve, up: () => undefined };
  void fileFeed({ path: `${secret}.d/flags.json` }).subscribe(listener, never);
});
// A feed keeps no process alive.
const waiting = setInterval(() => undefined, 1_000);
const { reason, message } = await lost;
clearInterval(waiting);

process.send?.({
  source: await reasonOf(fileSource({ path: secret }).read(undefined, never)),
  publisher: await reasonOf(filePublisher({ path: readOnly }).restore(document, never)),
  load: await reasonOf(fileCache({ path: secret }).load(never)),
  save: await reasonOf(fileCache({ path: readOnly }).save(snapshot, never)),
  feed: { reason, message },
});
process.disconnect();
