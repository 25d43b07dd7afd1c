import type { ServerResponse } from 'node:http';
import { wholeBody } from '../responses.ts';

/**
 * Writes a web `Response` to Node. The body is read only as fast as the socket takes it, so a slow caller fills no
 * memory; when the caller leaves, the body's producer is told. A body that fails midway cuts the connection: the
 * caller sees a broken answer and not a short one.
 */
export async function sendResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  if (isOver(outgoing)) {
    await response.body?.cancel();
    return;
  }
  outgoing.statusCode = response.status;
  // HTTP/2 has no words for a status, and Node warns of them.
  if (response.statusText !== '' && outgoing.req.httpVersionMajor < 2) outgoing.statusMessage = response.statusText;
  response.headers.forEach((value, name) => {
    if (name !== 'set-cookie') outgoing.setHeader(name, value);
  });
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies);
  const bytes = wholeBody(response);
  if (bytes !== undefined || response.body === null) {
    outgoing.end(bytes);
    return;
  }
  await pump(response.body, outgoing);
}

async function pump(body: ReadableStream<Uint8Array>, outgoing: ServerResponse): Promise<void> {
  const reader = body.getReader();
  let left = false;
  const onClose = (): void => {
    left = true;
    reader.cancel().catch(() => {});
  };
  outgoing.once('close', onClose);
  // Also while a caller that takes nothing is waited for: it might never take anything again, and its connection would
  // stay.
  let broken = false;
  reader.closed.catch(() => {
    broken = true;
    outgoing.destroy();
  });
  try {
    // Headers go at once: the first event of a stream may be far off.
    outgoing.flushHeaders();
    for (;;) {
      const { done, value } = await reader.read();
      if (left) return;
      if (done) break;
      if (!outgoing.write(value)) await drained(outgoing);
    }
    outgoing.end();
  } catch (error) {
    // A caller that leaves is no error of ours.
    if (left && !broken) return;
    outgoing.destroy();
    // Who ended the body without a reason has none to report.
    if (error !== undefined) throw error;
  } finally {
    outgoing.off('close', onClose);
    reader.releaseLock();
  }
}

/** Resolves when the socket takes more, or never will. */
function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      outgoing.off('drain', done).off('close', done);
      resolve();
    };
    outgoing.once('drain', done).once('close', done);
  });
}

/** The answer was already given, or nobody is there to take it. */
export function isOver(outgoing: ServerResponse): boolean {
  return outgoing.headersSent || outgoing.writableEnded || outgoing.destroyed;
}
