/** How a stand-in misbehaves on the wire instead of answering. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export type WireFault =
  /** Accepts and never answers. */
  | { readonly kind: 'hang' }
  /** Answers a byte now and then and never ends. */
  | { readonly kind: 'drip' }
  /** Cuts the body in the middle. */
  | { readonly kind: 'cut' }
  /** 200 with an HTML page, as a captive portal answers. */
  | { readonly kind: 'html' }
  /** Resets the connection. */
  | { readonly kind: 'reset' };

export function isWireFault(fault: { readonly kind: string }): fault is WireFault {
  return ['hang', 'drip', 'cut', 'html', 'reset'].includes(fault.kind);
}

const DRIP_MS = 20;

/** `whole` is the answer that would have been given, of the content type `type`. */
export function misbehave(
  fault: WireFault,
  request: IncomingMessage,
  response: ServerResponse,
  whole: string,
  type: string,
): void {
  switch (fault.kind) {
    case 'hang':
      return;
    case 'reset':
      request.socket.resetAndDestroy();
      return;
    case 'html':
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<!doctype html><html><body>Sign in to the guest network</body></html>');
      return;
    case 'cut':
      response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(whole) });
      response.write(whole.slice(0, Math.ceil(whole.length / 2)), () => response.destroy());
      return;
    case 'drip': {
      response.writeHead(200, { 'content-type': type });
      let sent = 0;
      const dripping = setInterval(() => {
        response.write(whole[sent] ?? ' ');
        sent += 1;
      }, DRIP_MS);
      response.once('close', () => clearInterval(dripping));
    }
  }
}
