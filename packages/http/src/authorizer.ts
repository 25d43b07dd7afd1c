import { requireFunction } from '@clarity/flags-core/adapter-kit';
import { checkedActor } from '@clarity/flags-web';
import type { RouteName } from './route-name.ts';

/** Who was let through; a name only where the authorizer gave one. */
export interface Caller {
  readonly actor?: string;
}

/** The route that a request asks for. */
export interface RequestedRoute {
  readonly name: RouteName;
  /**
   * It shows flags or makes the client work, and is closed while there is no authorizer: status, stream,
   * refresh, overrides.
   */
  readonly closedByDefault: boolean;
}

/**
 * Decides about one request: `true` lets it through, so does `{ actor: 'ada' }`, which names the author of an override,
 * `false` answers 401, and a `Response` is given as the answer (a 403, a redirect to a login page). Any other answer,
 * and an error, keeps the route closed; so does a promise that has not settled after 10 s, which is answered with 503.
 * An authorizer that needs the body reads that of `request.clone()`: the route reads it, too.
 */
export type Authorizer = (request: Request, route: RequestedRoute) => Verdict | Promise<Verdict>;

/** What an authorizer answers. */
export type Verdict = boolean | Response | { readonly actor: string };

const ALLOWED = "allowed is true, { actor: 'ada' } with an actor of 1 to 200 characters, false, or a Response";

/**
 * Whom a verdict lets through.
 *
 * @throws {TypeError} when it names an actor that is no text of 1 to 200 characters.
 */
export function admitted(verdict: unknown): Caller | undefined {
  if (verdict === true) return {};
  if (typeof verdict !== 'object' || verdict === null || !('actor' in verdict)) return undefined;
  return { actor: checkedActor(verdict.actor, ALLOWED) };
}

/**
 * Asks `authorize` for the routes that are closed by default (status, stream, refresh, overrides) and lets everybody
 * see the others, so that probes and scrapers need no token.
 *
 * @throws {TypeError} when `authorize` is not a function, such as the token itself.
 */
export function onlyClosedRoutes(authorize: Authorizer): Authorizer {
  requireFunction('the authorizer of onlyClosedRoutes', authorize, 'bearerToken(token)');
  return (request, route) => !route.closedByDefault || authorize(request, route);
}
