/** Methods that a route can be registered for. HEAD follows from GET, and OPTIONS is answered for every path. */
export type RouteMethod = 'GET' | 'POST';

/** Answers one method of one path. What it throws becomes a 500 that says nothing about the cause. */
export type Route = (request: Request, url: URL) => Response | Promise<Response>;

/** Path (as it stands in the URL, prefix included) to method to route. Paths are compared exactly: see `createFlagHandler`. */
export type RouteTable = ReadonlyMap<string, ReadonlyMap<RouteMethod, Route>>;

/** The value of `Allow` for one path. */
export function allowedMethods(methods: ReadonlyMap<RouteMethod, Route>): string {
  const allowed: string[] = [];
  if (methods.has('GET')) allowed.push('GET', 'HEAD');
  if (methods.has('POST')) allowed.push('POST');
  return [...allowed, 'OPTIONS'].join(', ');
}

/** The route for a request's method, if there is one. */
export function routeFor(methods: ReadonlyMap<RouteMethod, Route>, method: string): Route | undefined {
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
