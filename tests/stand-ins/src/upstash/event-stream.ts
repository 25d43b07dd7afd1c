/** `/subscribe/<channel>` and `/psubscribe/<pattern>`: messages of the real Redis as server-sent events. */
import type { Redis } from 'ioredis';
import type { ServerResponse } from 'node:http';

export type SubscribeVerb = 'subscribe' | 'psubscribe';

export interface EventStream {
  /** Ends the response without a word, as the real server does. */
  close(): void;
  /** Passes nothing on from now on, and keeps the connection open. */
  freeze(): void;
  /** Ends the connection to Redis. */
  dispose(): void;
}

export async function startEventStream(
  redis: Redis,
  response: ServerResponse,
  verb: SubscribeVerb,
  channels: readonly string[],
): Promise<EventStream> {
  const listener = redis.duplicate({ maxRetriesPerRequest: null });
  listener.on('error', () => undefined);
  let frozen = false;
  const send = (...parts: readonly (string | number)[]): void => {
    if (!frozen) response.write(`data: ${parts.join(',')}\n\n`);
  };
  listener.on('message', (channel, message) => send('message', channel, message));
  listener.on('pmessage', (pattern, channel, message) => send('pmessage', pattern, channel, message));
  // Without Redis there is nothing to pass on: the stream ends.
  listener.on('close', () => response.end());
  response.once('close', () => listener.disconnect());
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.flushHeaders();
  for (const [index, channel] of channels.entries()) {
    await listener[verb](channel);
    send(verb, channel, index + 1);
  }
  return {
    close: () => response.end(),
    freeze: () => {
      frozen = true;
    },
    dispose: () => listener.disconnect(),
  };
}
