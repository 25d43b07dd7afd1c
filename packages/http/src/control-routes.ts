import type { AlertWatch } from './alerts/alert-watch.ts';
import { flagsView } from './flags-view.ts';
import { readRefreshRequest } from './refresh-request.ts';
import { json, problem, withSecurityHeaders } from './responses.ts';
import { get, post, type RouteTable } from './route-table.ts';
import { sentHealth } from './sent-health.ts';
import type { Streams } from './stream/streams.ts';
import type { CompleteClient } from './shown-client.ts';

/** What shows flags or makes the client work: closed until an authorizer is given. */
export function controlRoutes(client: CompleteClient, prefix: string, alerts: AlertWatch, stream: Streams): RouteTable {
  return new Map([
    [`${prefix}/status`, get('status', 'closed', () => json(200, status(client, alerts, stream)))],
    [`${prefix}/refresh`, post('refresh', 'closed', (request) => refresh(client, request))],
    [`${prefix}/stream`, get('stream', 'closed', (request) => follow(request, stream))],
  ]);
}

function status(client: CompleteClient, alerts: AlertWatch, stream: Streams): object {
  const health = client.health();
  return {
    health: sentHealth(health),
    alerts: alerts.active(health),
    flags: flagsView(client, health).flags,
    stream: { clients: stream.clients, dropped: stream.dropped },
  };
}

async function refresh(client: CompleteClient, request: Request): Promise<Response> {
  const asked = await readRefreshRequest(request);
  if (asked instanceof Response) return asked;
  const result = await client.refresh({ force: asked.force });
  if (result.ok) return json(200, { ...result, revision: client.health().revision });
  const { reason, message, retryAfterMs } = result;
  // A retry a moment too early would be refused again.
  const retryAfterS = retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1000);
  return problem(503, message, {
    members: { reason, ...(retryAfterS !== undefined && { retry_after_seconds: retryAfterS }) },
    headers: retryAfterS === undefined ? {} : { 'Retry-After': String(retryAfterS) },
  });
}

function follow(request: Request, stream: Streams): Response {
  const headers = {
    'Content-Type': 'text/event-stream; charset=utf-8',
    // Neither stored nor gathered up by what compresses or proxies.
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
  };
  if (request.method === 'HEAD') return withSecurityHeaders(new Response(null, { headers }));
  const body = stream.open();
  if (body === undefined) {
    return problem(503, 'As many callers follow the stream as may. Try again later, or ask the status route instead.', {
      headers: { 'Retry-After': '30' },
    });
  }
  return withSecurityHeaders(new Response(body, { headers }));
}
