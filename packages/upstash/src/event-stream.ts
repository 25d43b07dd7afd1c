/**
 * The subscribe stream of the REST API: server-sent events. By Node's own client, because a `fetch` that is under way
 * holds the process; and not by the library's subscriber, which does not notice when a stream ends.
 */
import { isStoreError, StoreError } from '@clarity/flags-core/ports';
import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { notTheApi, upstashError, upstashFailure } from './upstash-error.ts';
import type { ResolvedUpstash } from './resolve-upstash.ts';

/** Longer than any notice, and than what other publishers put into theirs; a line beyond it ends the stream. */
const LONGEST_LINE = 1_000_000;
const MOST_ERROR_CHARACTERS = 10_000;

export interface EventStream {
  /** Resolves, with the reason, when the stream is no more. Never rejects. */
  readonly lost: Promise<StoreError>;
}

export interface StreamRequest {
  readonly place: ResolvedUpstash;
  readonly onMessage: (payload: string) => void;
  /** Whether the process must not end before the acknowledgement, because somebody waits for it. */
  readonly awaited: boolean;
}

/**
 * Opens one stream and resolves once the subscription is acknowledged. From then on it does not hold the process.
 * `signal` ends it at any time.
 *
 * @throws StoreError
 */
export async function openEventStream(stream: StreamRequest, signal: AbortSignal): Promise<EventStream> {
  const { channel } = stream.place.layout;
  const attempt = `subscribe to ${channel}`;
  let response: IncomingMessage;
  try {
    response = await send(stream, signal);
  } catch (error) {
    throw endedBy(signal) ?? upstashError(error, attempt);
  }
  response.setEncoding('utf8');
  // A redirect is not an answer of the API: the token must not travel on.
  if (response.statusCode !== 200) throw await refusal(response, attempt);
  if (response.headers['content-type']?.startsWith('text/event-stream') !== true) {
    response.destroy();
    throw notTheApi(attempt);
  }
  return acknowledged(response, stream, signal);
}

function send({ place, awaited }: StreamRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const { url, token, layout } = place;
  const open = url.startsWith('https:') ? requestTls : requestPlain;
  return new Promise((resolve, reject) => {
    const sent = open(
      `${url}/subscribe/${encodeURIComponent(layout.channel)}`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', 'content-length': 0 },
        // A connection of its own, which ends with it.
        agent: false,
        signal,
      },
      resolve,
    );
    // Stays: what breaks later is told by the response, too.
    sent.on('error', reject);
    if (!awaited) sent.on('socket', (socket) => socket.unref());
    sent.end();
  });
}

function acknowledged(
  response: IncomingMessage,
  { place, onMessage }: StreamRequest,
  signal: AbortSignal,
): Promise<EventStream> {
  const { channel } = place.layout;
  return new Promise((resolve, reject) => {
    const message = `message,${channel},`;
    const acknowledgement = `subscribe,${channel},`;
    const lost = pump(response, signal, (event) => {
      if (event.startsWith(message)) onMessage(event.slice(message.length));
      else if (event.startsWith(acknowledgement)) {
        response.socket.unref();
        resolve({ lost });
      }
    });
    // After the acknowledgement this changes nothing.
    void lost.then(reject);
  });
}

/** Hands each event on until the stream ends, and says why it did. */
async function pump(
  response: IncomingMessage,
  signal: AbortSignal,
  onEvent: (event: string) => void,
): Promise<StoreError> {
  let rest = '';
  try {
    for await (const text of response) {
      const lines = (rest + String(text)).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LONGEST_LINE) return lostError('the stream of changes holds a line without end');
      for (const line of lines) if (line.startsWith('data: ')) onEvent(line.slice('data: '.length).replace(/\r$/, ''));
    }
    return lostError('Upstash ended the stream of changes');
  } catch (error) {
    return endedBy(signal) ?? upstashError(error, 'go on listening to changes');
  } finally {
    response.destroy();
  }
}

/** Why the signal ended it, if it did. */
function endedBy(signal: AbortSignal): StoreError | undefined {
  if (!signal.aborted) return undefined;
  return isStoreError(signal.reason) ? signal.reason : lostError('the subscription has ended');
}

function lostError(found: string): StoreError {
  return new StoreError('unavailable', `${found}; it is opened again, and polling goes on`);
}

async function refusal(response: IncomingMessage, attempt: string): Promise<StoreError> {
  let text = '';
  try {
    for await (const part of response) {
      text += String(part);
      if (text.length > MOST_ERROR_CHARACTERS) break;
    }
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'string') {
      return upstashError(upstashFailure(body.error), attempt);
    }
  } catch {
    // Not the API's.
  } finally {
    response.destroy();
  }
  return notTheApi(attempt);
}
