import type { IncomingMessage, ServerResponse } from 'node:http';
import { nodeListener as listener } from '@clarity/flags-web/node';
import type { ErrorListener } from '../error-listener.ts';

export interface NodeListenerOptions {
  /**
   * The longest request body that is accepted, 0 to 2^31-1 bytes; a longer one is answered with 413. Default 65,536.
   */
  readonly maxBodyBytes?: number;
  /**
   * Told about errors while a request was taken in or an answer written. Default: prints the error's name to the
   * console.
   */
  readonly onError?: ErrorListener;
}

/**
 * What `http.createServer` takes. It never throws; errors end in an answer, or in a closed connection if one had begun.
 */
export type NodeListener = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

/**
 * Lets Node's HTTP server answer with a web-standard handler. Answers are streamed at the caller's speed, and the
 * request's signal aborts when the caller leaves before the answer is whole. In a router that takes its own part off
 * the address (`app.use('/ops', listener)` in Express), the handler sees what is left of it.
 *
 * A path that a URL parser reads as another than was typed (`/a/../b`, `/a\b`, `/%2e/b`) is answered with 404: what a
 * proxy in front allowed or denied was the typed one.
 *
 * @throws {RangeError} when `maxBodyBytes` is not an integer in its range.
 */
export function nodeListener(
  handler: (request: Request) => Response | Promise<Response>,
  options: NodeListenerOptions = {},
): NodeListener {
  return listener(handler, options);
}
