import { at, json, problem, type RoutePath } from '@clarity/flags-web';
import type { RouteName } from './route-name.ts';
import { sentHealth } from './sent-health.ts';
import type { CompleteClient } from './shown-client.ts';

/** Health for people and dashboards, readiness for load balancers, liveness for supervisors. */
export function healthRoutes(client: CompleteClient): readonly RoutePath<RouteName>[] {
  const access = 'open';
  return [
    // Always 200: the caller wants to read it, above all when something is wrong.
    at('/health', { name: 'health', access, GET: () => json(200, sentHealth(client.health())) }),
    at('/ready', { name: 'ready', access, GET: (_request, { url }) => ready(client, url) }),
    // Says only that the process answers. A store that is down must never get a process killed.
    at('/live', { name: 'live', access, GET: () => json(200, { live: true }) }),
  ];
}

function ready(client: CompleteClient, url: URL): Response {
  const strict = strictness(url.searchParams);
  if (strict === undefined) {
    return problem(400, "The query parameter 'strict' is neither empty, '1', 'true', '0' nor 'false'.");
  }
  const { state, lastError } = client.freshness();
  const members = { ready: false, freshness: state, strict };
  // The reason comes from a closed set; its message stays on the health route.
  const because = lastError === null ? '' : ` The last refresh failed: ${lastError.reason}.`;
  if (client.health().closed) {
    return problem(503, 'The client is closed: nothing verifies the flags any more.', { members });
  }
  if (state === 'never') {
    return problem(503, `There are no flags yet: callers get their fallbacks.${because}`, { members });
  }
  if (strict && state === 'stale') {
    return problem(503, `The flags are stale, and strict readiness was asked for.${because}`, { members });
  }
  return json(200, { ...members, ready: true });
}

/** `?strict`, `?strict=1` and `?strict=true` ask for it; undefined when the value is not one that we know. */
function strictness(query: URLSearchParams): boolean | undefined {
  switch (query.get('strict')) {
    case null:
    case '0':
    case 'false':
      return false;
    case '':
    case '1':
    case 'true':
      return true;
    default:
      return undefined;
  }
}
