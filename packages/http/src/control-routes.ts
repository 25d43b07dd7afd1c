import { at, eventAnswer, json, problem, type RoutePath, type Streams } from '@clarity/flags-web';
import type { AlertWatch } from './alerts/alert-watch.ts';
import type { Caller } from './authorizer.ts';
import { flagsView } from './flags-view.ts';
import { readRefreshRequest } from './refresh-request.ts';
import type { RouteName } from './route-name.ts';
import { sentHealth } from './sent-health.ts';
import type { CompleteClient } from './shown-client.ts';

/** What shows flags or makes the client work: closed until an authorizer is given. */
export function controlRoutes(
  client: CompleteClient,
  alerts: AlertWatch,
  stream: Streams,
): readonly RoutePath<RouteName, Caller>[] {
  const access = 'closed';
  return [
    at('/status', { name: 'status', access, GET: () => json(200, status(client, alerts, stream)) }),
    at('/refresh', { name: 'refresh', access, POST: (request) => refresh(client, request) }),
    at('/stream', {
      name: 'stream',
      access,
      GET: (request) => eventAnswer(request, stream, 'Try again later, or ask the status route instead.'),
    }),
  ];
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
