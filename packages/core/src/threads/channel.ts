import { describeOption } from '../adapter-kit/adapter-options.ts';

/** A message, and the end of the channel. */
export interface ChannelEvent {
  readonly type: string;
  readonly data?: unknown;
}

/** One end of a `MessageChannel`, as every runtime has it. */
export interface ChannelPort {
  postMessage(message: unknown): void;
  addEventListener(type: 'message' | 'close', listener: (event: ChannelEvent) => void): void;
  removeEventListener(type: 'message' | 'close', listener: (event: ChannelEvent) => void): void;
  start?(): void;
  close(): void;
  /** Node and Bun: the port does not keep the thread alive. */
  unref?(): void;
}

/** Marks our messages: a port may carry those of an application as well. */
const OURS = 'clarity-flags';

/** Sends a message to what listens at the other end by `listenTo`. */
export function sendTo(port: ChannelPort, message: object): void {
  port.postMessage({ [OURS]: message });
}

/**
 * Hears what the other end sends by `sendTo`, and nothing else, until the returned function is called. A listening port
 * does not keep the thread alive.
 *
 * @throws TypeError for what is not a port
 */
export function listenTo<Message>(port: ChannelPort, hear: (message: Message) => void, ended: () => void): () => void {
  if (typeof (port as Partial<ChannelPort> | undefined)?.addEventListener !== 'function') {
    throw new TypeError(
      `port is ${describeOption(port)}; allowed is one end of a new MessageChannel(), whose other end another thread has. A runtime without threads needs no such thing: use createFlagClient.`,
    );
  }
  const onMessage = ({ data }: ChannelEvent): void => {
    const message = (Object(data) as { readonly [OURS]?: Message })[OURS];
    if (message !== undefined) hear(message);
  };
  port.addEventListener('message', onMessage);
  port.addEventListener('close', ended);
  port.start?.();
  port.unref?.();
  return () => {
    port.removeEventListener('message', onMessage);
    port.removeEventListener('close', ended);
  };
}
