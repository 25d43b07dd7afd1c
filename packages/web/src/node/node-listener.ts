import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkedNumber } from '@clarity/flags-core/adapter-kit';
import { safeErrorListener } from '../error-report.ts';
import { nothingHere, problem } from '../responses.ts';
import { isOver, sendResponse } from './send-response.ts';
import { statedLength, toRequest } from './to-request.ts';

export interface NodeListenerOptions {
  /**
   * The longest request body that is accepted, 0 to 2^31-1 bytes; a longer one is answered with 413. Default 65,536.
   */
  readonly maxBodyBytes?: number;
  /**
   * Told about errors while a request was taken in or an answer written. Default: prints the error's name to the
   * console.
   */
  readonly onError?: (error: unknown) => void;
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
  const maxBodyBytes = checkedNumber('maxBodyBytes', options.maxBodyBytes ?? 65_536, 0, 2 ** 31 - 1, 'bytes');
  const report = safeErrorListener(options.onError);

  async function answer(incoming: IncomingMessage, signal: AbortSignal): Promise<Response> {
    let exceeded = (statedLength(incoming) ?? 0) > maxBodyBytes;
    // The rest of a body that is too long is not waited for.
    const tooLarge = (): Response =>
      problem(413, `A request body may have ${maxBodyBytes} bytes at most.`, {
        headers: incoming.httpVersionMajor < 2 ? { Connection: 'close' } : {},
      });
    if (exceeded) return tooLarge();
    let request: Request | undefined;
    try {
      request = toRequest(incoming, signal, {
        maxBytes: maxBodyBytes,
        onExceeded: () => {
          exceeded = true;
        },
      });
    } catch {
      return incoming.method === 'TRACE' || incoming.method === 'CONNECT' || incoming.method === 'TRACK'
        ? problem(501, `${incoming.method} is not supported.`)
        : problem(400, 'The request is malformed.');
    }
    if (request === undefined) return nothingHere();
    try {
      const response = await handler(request);
      if (!exceeded) return response;
      // The handler may have answered the failed read in its own way; this is what happened.
      response.body?.cancel().catch(() => {});
      return tooLarge();
    } catch (error) {
      if (exceeded) return tooLarge();
      throw error;
    }
  }

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const left = new AbortController();
    const onClose = (): void => {
      if (!outgoing.writableFinished) left.abort();
    };
    if (outgoing.destroyed) left.abort();
    else outgoing.once('close', onClose);
    try {
      await sendResponse(await answer(incoming, left.signal), outgoing);
    } catch (error) {
      report(error);
      if (!isOver(outgoing))
        await sendResponse(problem(500, 'The request could not be answered. The cause is in the log.'), outgoing);
      else if (!outgoing.writableEnded) outgoing.destroy();
    }
  }

  return (incoming, outgoing) => {
    serve(incoming, outgoing).catch(report);
  };
}
