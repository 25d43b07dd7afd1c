/** Methods that a route can be registered for. HEAD follows from GET, and OPTIONS is answered for every path. */
export type RouteMethod = 'GET' | 'POST';

/** What a path is for; the last part of it, but for the page. */
export type RouteName =
  | 'health'
  | 'ready'
  | 'live'
  | 'status'
  | 'refresh'
  | 'stream'
  | 'prometheus'
  | 'dashboard'
  | 'alerts'
  | 'grafana'
  | 'rules'
  | 'page';

/**
 * Who may ask while no authorizer is given.
 *
 * - `open`: everybody, as probes and scrapers expect; an authorizer is asked when there is one
 * - `closed`: nobody
 * - `public`: everybody, and the authorizer is not asked: there is nothing to see but the program
 */
export type Access = 'open' | 'closed' | 'public';

/** Answers one method of one path. What it throws becomes a 500 that says nothing about the cause. */
export type Route = (request: Request, url: URL) => Response | Promise<Response>;

export interface RoutePath {
  readonly name: RouteName;
  readonly access: Access;
  readonly methods: ReadonlyMap<RouteMethod, Route>;
}

/** Path (as it stands in the URL, prefix included) to what answers there. Paths are compared exactly: see `createFlagHandler`. */
export type RouteTable = ReadonlyMap<string, RoutePath>;

/** A path that answers GET and HEAD. */
export function get(name: RouteName, access: Access, route: Route): RoutePath {
  return { name, access, methods: new Map([['GET', route]]) };
}

/** A path that answers POST. */
export function post(name: RouteName, access: Access, route: Route): RoutePath {
  return { name, access, methods: new Map([['POST', route]]) };
}

/** The value of `Allow` for one path. */
export function allowedMethods({ methods }: RoutePath): string {
  const allowed: string[] = [];
  if (methods.has('GET')) allowed.push('GET', 'HEAD');
  if (methods.has('POST')) allowed.push('POST');
  return [...allowed, 'OPTIONS'].join(', ');
}

/** The route for a request's method, if there is one. */
export function routeFor({ methods }: RoutePath, method: string): Route | undefined {
  switch (method) {
    case 'GET':
    case 'HEAD':
      return methods.get('GET');
    case 'POST':
      return methods.get('POST');
    default:
      return undefined;
  }
}
