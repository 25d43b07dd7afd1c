import { problem, withSecurityHeaders } from '../responses.ts';
import type { Streams } from './streams.ts';

/**
 * One event as it stands in a stream (https://html.spec.whatwg.org/multipage/server-sent-events.html). `json` has no
 * line breaks.
 */
export function eventText(event: string, json: string): string {
  return `event: ${event}\ndata: ${json}\n\n`;
}

/**
 * Lets the caller of a request follow the events. HEAD is answered without opening anything, and 503 with `instead`
 * when there are as many callers as may be.
 */
export function eventAnswer(request: Request, streams: Streams, instead: string): Response {
  const headers = {
    'Content-Type': 'text/event-stream; charset=utf-8',
    // Neither stored nor gathered up by what compresses or proxies.
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
  };
  if (request.method === 'HEAD') return withSecurityHeaders(new Response(null, { headers }));
  const body = streams.open();
  if (body === undefined) {
    return problem(503, `As many callers follow the stream as may. ${instead}`, { headers: { 'Retry-After': '30' } });
  }
  return withSecurityHeaders(new Response(body, { headers }));
}
