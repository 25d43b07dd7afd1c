import type { FlagClient } from '@clarity/flags-core';
import { type Authorizer, refusal } from './authorizer.ts';
import { type ErrorListener, safeErrorListener } from './error-report.ts';
import { healthRoutes } from './health-routes.ts';
import { checkedPrefix } from './prefix.ts';
import { noContent, problem, withoutBody } from './responses.ts';
import { allowedMethods, routeFor, type RouteTable } from './route-table.ts';

export interface FlagHandlerOptions {
  /** The client whose state is shown. It is not closed by the handler. */
  readonly client: FlagClient;
  /** The path that all routes stand under; `''` for the root. Default `/feature-flags`. */
  readonly prefix?: string;
  /** Asked before every route. Without it health, ready and live are open, as probes expect. */
  readonly authorize?: Authorizer;
  /** Told about errors that the caller only sees as a 500. Default: prints the error's name to the console. */
  readonly onError?: ErrorListener;
}

/** Answers one request. Never throws and never rejects. */
export interface FlagHandler {
  (request: Request): Promise<Response>;
  /** Every path that it answers, prefix included; for all others it says 404. Lets a router pass the rest on. */
  readonly paths: ReadonlySet<string>;
}

/**
 * One web-standard handler for Bun, Deno, workerd, Hono and (through `@clarity/flags-http/node`) Node.
 *
 * A path is matched exactly as it stands in the URL, which the URL standard has already freed of `.` and `..` segments:
 * case counts, percent-encoded characters are not decoded, and a doubled or trailing slash is another path, so 404.
 * There is one spelling for each route, and no rule of a proxy in front can be walked around by another.
 *
 * @throws {TypeError} when the prefix cannot be the beginning of a path.
 */
export function createFlagHandler(options: FlagHandlerOptions): FlagHandler {
  const { client, authorize } = options;
  const table: RouteTable = healthRoutes(client, checkedPrefix(options.prefix ?? '/feature-flags'));
  const report = safeErrorListener(options.onError);

  async function answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const methods = table.get(url.pathname);
    if (methods === undefined) {
      return problem(404, 'There is nothing at this path. Paths are matched exactly, without a trailing slash.');
    }
    const allow = allowedMethods(methods);
    // Before the authorizer: a browser's preflight carries no credentials, and which methods exist is no secret.
    if (request.method === 'OPTIONS') return noContent({ Allow: allow });
    const route = routeFor(methods, request.method);
    if (route === undefined) {
      return problem(405, `This path answers ${allow}.`, { headers: { Allow: allow } });
    }
    const refused = authorize === undefined ? undefined : await refusal(authorize, request, report);
    return refused ?? (await route(request, url));
  }

  async function handle(request: Request): Promise<Response> {
    try {
      const response = await answer(request);
      return request.method === 'HEAD' ? withoutBody(response) : response;
    } catch (error) {
      report(error);
      return problem(500, 'The request could not be answered. The cause is in the log.');
    }
  }

  return Object.assign(handle, { paths: new Set(table.keys()) });
}
