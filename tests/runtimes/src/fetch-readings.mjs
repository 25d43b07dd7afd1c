// What a fetch source makes of each address of a server, in words that are the same on every runtime. `origin` and
// `other` are two origins of one server; see test/fetch-source.test.ts for what the paths answer.
import { fetchSource } from '@clarity/flags-fetch';

const TOKEN = 'tok-8f2e';

export async function fetchReadings(origin, other) {
  const results = {};
  const read = async (path, options = {}, { known, signal = new AbortController().signal } = {}) => {
    const source = fetchSource({
      url: `${origin}${path}?to=${encodeURIComponent(other)}&signature=sig-77`,
      headers: { authorization: `Bearer ${TOKEN}` },
      maxBytes: 100_000,
      ...options,
    });
    try {
      const first = await source.read(known, signal);
      const second = await source.read(first.revision, signal);
      return `${first.kind} ${first.text?.slice(0, 60)} then ${second.kind}`;
    } catch (error) {
      const leak = /tok-8f2e|sig-77/.test(error.message) ? ' LEAK' : '';
      const { _tag, reason, notADocument, retryable, retryAfterMs } = error;
      return `${_tag} ${reason}${notADocument ? ' not a document' : ''}${retryable ? ' retryable' : ''} ${retryAfterMs ?? ''}${leak}`.trim();
    } finally {
      await source.close();
    }
  };
  for (const path of [
    '/etag',
    '/gzip',
    '/moved',
    '/away',
    '/html',
    '/bomb',
    '/cut',
    '/unchunked',
    '/throttled',
    '/gone',
    '/mark',
    '/latin1',
  ]) {
    results[path] = await read(path);
  }
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 200);
  results['/hang'] = await read('/hang', {}, { signal: stop.signal });
  results.unreachable = await read('', { url: 'https://flags.invalid/?signature=sig-77' });
  results.untrusted = await read('', { url: `${other.replace('http:', 'https:')}/etag?signature=sig-77` });
  return results;
}
