/** The subscribe stream of the REST API: server-sent events over `fetch`. The library's own subscriber does not notice when it ends. */
import { isStoreError, StoreError } from '@clarity/flags-core/ports';
import { notTheApi, upstashError, upstashFailure } from './upstash-error.ts';
import type { ResolvedUpstash } from './upstash-options.ts';

/** Longer than any notice, and than what other publishers put into theirs; a line beyond it ends the stream. */
const LONGEST_LINE = 1_000_000;
const MOST_ERROR_CHARACTERS = 10_000;

export interface EventStream {
  /** Resolves, with the reason, when the stream is no more. Never rejects. */
  readonly lost: Promise<StoreError>;
}

/**
 * Opens one stream and resolves once the subscription is acknowledged. `signal` ends it at any time.
 *
 * @throws StoreError
 */
export async function openEventStream(
  { url, token, layout }: ResolvedUpstash,
  onMessage: (payload: string) => void,
  signal: AbortSignal,
): Promise<EventStream> {
  const { channel } = layout;
  const attempt = `subscribe to ${channel}`;
  let response: Response;
  try {
    response = await fetch(`${url}/subscribe/${encodeURIComponent(channel)}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
      redirect: 'manual',
      signal,
    });
  } catch (error) {
    throw signal.aborted ? signal.reason : upstashError(error, attempt);
  }
  if (!response.ok) throw await refusal(response, attempt);
  if (response.body === null || response.headers.get('content-type')?.startsWith('text/event-stream') !== true) {
    await response.body?.cancel().catch(() => undefined);
    throw notTheApi(attempt);
  }
  return acknowledged(response.body, channel, onMessage, signal);
}

function acknowledged(
  body: ReadableStream<Uint8Array>,
  channel: string,
  onMessage: (payload: string) => void,
  signal: AbortSignal,
): Promise<EventStream> {
  return new Promise((resolve, reject) => {
    const message = `message,${channel},`;
    const acknowledgement = `subscribe,${channel},`;
    const lost = pump(body, signal, (event) => {
      if (event.startsWith(message)) onMessage(event.slice(message.length));
      else if (event.startsWith(acknowledgement)) resolve({ lost });
    });
    // After the acknowledgement this changes nothing.
    void lost.then(reject);
  });
}

/** Hands each event on until the stream ends, and says why it did. */
async function pump(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  onEvent: (event: string) => void,
): Promise<StoreError> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return lostError('Upstash ended the stream of changes');
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LONGEST_LINE) return lostError('the stream of changes holds a line without end');
      for (const line of lines) if (line.startsWith('data: ')) onEvent(line.slice('data: '.length).replace(/\r$/, ''));
    }
  } catch (error) {
    if (!signal.aborted) return upstashError(error, 'go on listening to changes');
    return isStoreError(signal.reason) ? signal.reason : lostError('the subscription has ended');
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function lostError(found: string): StoreError {
  return new StoreError('unavailable', `${found}; it is opened again, and polling goes on`);
}

async function refusal(response: Response, attempt: string): Promise<StoreError> {
  const text = await response.text().catch(() => '');
  try {
    const body: unknown = JSON.parse(text.slice(0, MOST_ERROR_CHARACTERS));
    if (typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'string') {
      return upstashError(upstashFailure(body.error), attempt);
    }
  } catch {
    // Not the API's.
  }
  return notTheApi(attempt);
}
