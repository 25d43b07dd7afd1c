/** Methods that a route can be registered for. HEAD follows from GET, and OPTIONS is answered for every path. */
export type RouteMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const satisfies readonly RouteMethod[];

/**
 * Who may ask while no authorizer is given.
 *
 * - `open`: everybody, as probes and scrapers expect; an authorizer is asked when there is one
 * - `closed`: nobody
 * - `public`: everybody, and the authorizer is not asked: there is nothing to see but the program
 */
export type Access = 'open' | 'closed' | 'public';

type NamesIn<Pattern extends string> = Pattern extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

/** A text for each `{name}` of a pattern. */
export type ParametersOf<Pattern extends string> = Readonly<Record<NamesIn<Pattern>, string>>;

/** What is known of a request when its route is reached. */
export interface Asked<Caller = unknown, Parameters = Readonly<Record<string, string>>> {
  readonly url: URL;
  /** What stands in the path where the pattern has `{name}`, decoded. Any text but an empty one, `.` and `..`. */
  readonly parameters: Parameters;
  /** Who was let through; undefined where no authorizer was asked. */
  readonly caller: Caller | undefined;
}

/** Answers one method of one path. What it throws becomes a 500 that says nothing about the cause. */
export type Route<Caller = unknown, Parameters = Readonly<Record<string, string>>> = (
  request: Request,
  asked: Asked<Caller, Parameters>,
) => Response | Promise<Response>;

export interface RoutePath<Name extends string, Caller = unknown> {
  readonly name: Name;
  readonly access: Access;
  /** The path as it is typed, with `{name}` for a segment that differs from request to request. */
  readonly pattern: string;
  readonly methods: ReadonlyMap<RouteMethod, Route<Caller>>;
}

type PathOptions<Name extends string, Caller, Parameters> = {
  readonly name: Name;
  readonly access: Access;
} & { readonly [Method in RouteMethod]?: Route<Caller, Parameters> };

/** A path such as `/flags/{key}`, and what answers each of its methods. */
export function at<Name extends string, const Pattern extends string, Caller>(
  pattern: Pattern,
  options: PathOptions<Name, Caller, ParametersOf<Pattern>>,
): RoutePath<Name, Caller> {
  const methods = METHODS.flatMap((method) => {
    // The router gives a route what its own pattern names.
    const route = options[method];
    return route === undefined ? [] : [[method, route] as const];
  });
  return { name: options.name, access: options.access, pattern, methods: new Map(methods) };
}

/** The paths as they stand below a prefix (see `checkedPrefix`). */
export function under<Name extends string, Caller>(
  prefix: string,
  paths: readonly RoutePath<Name, Caller>[],
): readonly RoutePath<Name, Caller>[] {
  return paths.map((path) => ({ ...path, pattern: prefix + path.pattern }));
}

/** The value of `Allow` for one path. */
export function allowedMethods({ methods }: RoutePath<string, never>): string {
  return [
    ...METHODS.filter((method) => methods.has(method)).flatMap((method) =>
      method === 'GET' ? ['GET', 'HEAD'] : [method],
    ),
    'OPTIONS',
  ].join(', ');
}

/** The route for a request's method, if there is one. */
export function routeFor<Caller>({ methods }: RoutePath<string, Caller>, asked: string): Route<Caller> | undefined {
  const method = METHODS.find((one) => one === (asked === 'HEAD' ? 'GET' : asked));
  return method === undefined ? undefined : methods.get(method);
}
