/** What the stand-in can do instead of answering, until it is told to stop. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SsmOperation } from './operations.ts';

export type SsmFault =
  /** An error of AWS, such as `ThrottlingException`, with its usual message or this one. */
  | { readonly kind: 'refuse'; readonly type: string; readonly message?: string; readonly status?: number }
  /** The identity lacks the permission for the operation it tries, as IAM words it. */
  | { readonly kind: 'deny' }
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

export interface FaultScope {
  /** How many calls it meets. Default: all, until it is mended. */
  readonly times?: number;
  /** Which operations it meets. Default: all. */
  readonly operations?: readonly SsmOperation[];
}

interface Active {
  readonly fault: SsmFault;
  readonly operations: readonly SsmOperation[] | undefined;
  left: number;
}

/** The faults in force, first in first out. */
export class FaultQueue {
  #active: Active[] = [];

  /** Returns what mends it. */
  add(fault: SsmFault, { times = Number.POSITIVE_INFINITY, operations }: FaultScope): () => void {
    const active: Active = { fault, operations, left: times };
    this.#active.push(active);
    return () => {
      this.#active = this.#active.filter((one) => one !== active);
    };
  }

  take(operation: SsmOperation): SsmFault | undefined {
    const active = this.#active.find((one) => one.operations?.includes(operation) ?? true);
    if (active === undefined) return undefined;
    active.left -= 1;
    if (active.left <= 0) this.#active = this.#active.filter((one) => one !== active);
    return active.fault;
  }
}

const DRIP_MS = 20;
const JSON_TYPE = 'application/x-amz-json-1.1';

/** Misbehaves on the wire. `whole` is the answer that would have been given. */
export function misbehave(
  fault: Exclude<SsmFault, { readonly kind: 'refuse' | 'deny' }>,
  request: IncomingMessage,
  response: ServerResponse,
  whole: string,
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
      response.writeHead(200, { 'content-type': JSON_TYPE, 'content-length': Buffer.byteLength(whole) });
      response.write(whole.slice(0, Math.ceil(whole.length / 2)), () => response.destroy());
      return;
    case 'drip': {
      response.writeHead(200, { 'content-type': JSON_TYPE });
      let sent = 0;
      const dripping = setInterval(() => {
        response.write(whole[sent] ?? ' ');
        sent += 1;
      }, DRIP_MS);
      response.once('close', () => clearInterval(dripping));
    }
  }
}
