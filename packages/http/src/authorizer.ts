import { requireFunction } from './require-function.ts';
import { problem, withSecurityHeaders } from './responses.ts';
import type { Access, RouteName, RoutePath } from './route-table.ts';
import { unref } from './unref.ts';

/** The route that a request asks for. */
export interface RequestedRoute {
  readonly name: RouteName;
  /** It shows flags or makes the client work, and is closed while there is no authorizer: status, stream, refresh. */
  readonly closedByDefault: boolean;
}

/**
 * Decides about one request: `true` lets it through, `false` answers 401, and a `Response` is given as the answer (a
 * 403, a redirect to a login page). Whatever else comes back, and whatever is thrown, keeps the route closed; so does a promise that has not
 * settled after 10 s, which is answered with 503. Whoever needs the body reads that of `request.clone()`: the route reads it, too.
 */
export type Authorizer = (request: Request, route: RequestedRoute) => boolean | Response | Promise<boolean | Response>;

/**
 * Asks `authorize` for the routes that are closed by default (status, stream, refresh) and lets everybody see the others, so
 * that probes and scrapers need no token.
 *
 * @throws {TypeError} when `authorize` is no function, but the token itself.
 */
export function onlyClosedRoutes(authorize: Authorizer): Authorizer {
  requireFunction('the authorizer of onlyClosedRoutes', authorize, 'bearerToken(token)');
  return (request, route) => !route.closedByDefault || authorize(request, route);
}

const LONGEST_MS = 10_000;
const TOO_LATE = Symbol('too late');

/** Undefined when the request may pass; otherwise the answer. Never rejects. */
export async function refusal(
  authorize: Authorizer | undefined,
  request: Request,
  { name, access }: RoutePath,
  report: (error: unknown) => void,
): Promise<Response | undefined> {
  if (authorize === undefined) return access === 'closed' ? closedUntilOpened(name) : undefined;
  if (access === 'public') return undefined;
  try {
    // Its type promises a boolean or a Response; code without types may well return something merely truthy.
    const asked: unknown = authorize(request, { name, closedByDefault: closed(access) });
    const verdict = isThenable(asked) ? await within(Promise.resolve(asked)) : asked;
    if (verdict === TOO_LATE) {
      report(new Error(`the authorizer of the route '${name}' has not answered after ${LONGEST_MS} ms`));
      return problem(503, 'The authorizer of this route did not answer in time, and so the route stays closed.');
    }
    if (verdict === true) return undefined;
    if (verdict instanceof Response) return withSecurityHeaders(verdict);
  } catch (error) {
    report(error);
    return problem(500, 'The authorizer of this route failed, and so the route stays closed. The cause is in the log.');
  }
  return unauthorized(
    "The application's authorizer refused the request. Send the credentials that it asks for, such as 'Authorization: Bearer <token>'.",
  );
}

/** Promises of other makers, too. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** What the promise settles to; `TOO_LATE` when that takes too long. A caller must not wait for ever, nor be held for ever. */
function within(asked: Promise<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = unref(setTimeout(() => resolve(TOO_LATE), LONGEST_MS));
    asked.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function closed(access: Access): boolean {
  return access === 'closed';
}

function closedUntilOpened(name: RouteName): Response {
  return unauthorized(
    `The route '${name}' is closed until the application says who may use it: give the handler an authorizer, such as ` +
      "authorize: onlyClosedRoutes(bearerToken(token)), both from '@clarity/flags-http'.",
  );
}

function unauthorized(detail: string): Response {
  return problem(401, detail, { headers: { 'WWW-Authenticate': 'Bearer realm="feature-flags"' } });
}
