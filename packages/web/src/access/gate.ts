import { unref } from '@clarity/flags-core/adapter-kit';
import { problem, withSecurityHeaders } from '../responses.ts';
import type { Access, RoutePath } from '../routing/routes.ts';

/** What an authorizer is told about the route that a request asks for. */
export interface GuardedRoute<Name extends string> {
  readonly name: Name;
  readonly closedByDefault: boolean;
}

export interface GateParts<Name extends string, Caller> {
  /** Its type promises a verdict; code without types may return anything. Without one, closed routes are closed. */
  readonly authorize: ((request: Request, route: GuardedRoute<Name>) => unknown) | undefined;
  /**
   * Who a verdict lets through; undefined keeps the route closed. `yes` for authorizers that answer with a boolean,
   * `namedCaller` for those that say who asks.
   *
   * @throws {TypeError} when the verdict is a mistake of the application, which is told of it.
   */
  readonly admitted: (verdict: unknown) => Caller | undefined;
  /**
   * What an application writes to open a closed route, as the end of a sentence that a 401 has while there is no
   * authorizer.
   */
  readonly opening: string;
  /** Told about what the authorizer threw. Never throws. */
  readonly report: (error: unknown) => void;
}

/** Who may pass, or the answer to who may not. */
export type Admission<Caller> = { readonly caller: Caller | undefined } | { readonly refusal: Response };

/** Asked before every route. Never rejects. */
export type Gate<Name extends string, Caller> = (
  request: Request,
  path: Pick<RoutePath<Name>, 'name' | 'access'>,
) => Promise<Admission<Caller>>;

const LONGEST_MS = 10_000;
const TOO_LATE = Symbol('too late');

/**
 * Lets through whom the authorizer does. A `Response` of its own is the answer; anything else is answered with 401,
 * what it throws with 500, and a promise that has not settled after 10 s with 503.
 */
export function gate<Name extends string, Caller>({
  authorize,
  admitted,
  opening,
  report,
}: GateParts<Name, Caller>): Gate<Name, Caller> {
  return async (request, { name, access }) => {
    if (authorize === undefined)
      return access === 'closed' ? { refusal: closedUntilOpened(name, opening) } : { caller: undefined };
    if (access === 'public') return { caller: undefined };
    try {
      const asked: unknown = authorize(request, { name, closedByDefault: isClosed(access) });
      const verdict = isThenable(asked) ? await within(Promise.resolve(asked)) : asked;
      if (verdict === TOO_LATE) {
        report(new Error(`the authorizer of the route '${name}' has not answered after ${LONGEST_MS} ms`));
        return {
          refusal: problem(503, 'The authorizer of this route did not answer in time, and so the route stays closed.'),
        };
      }
      if (verdict instanceof Response) return { refusal: withSecurityHeaders(verdict) };
      const caller = admitted(verdict);
      if (caller !== undefined) return { caller };
    } catch (error) {
      report(error);
      return {
        refusal: problem(
          500,
          'The authorizer of this route failed, and so the route stays closed. The cause is in the log.',
        ),
      };
    }
    return {
      refusal: unauthorized(
        "The application's authorizer refused the request. Send the credentials that it asks for, such as 'Authorization: Bearer <token>'.",
      ),
    };
  };
}

/** Promises of other makers, too. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/**
 * What the promise settles to; `TOO_LATE` when that takes too long. A caller must not wait for ever, nor be held for
 * ever.
 */
function within(asked: Promise<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = unref(setTimeout(() => resolve(TOO_LATE), LONGEST_MS));
    asked.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function isClosed(access: Access): boolean {
  return access === 'closed';
}

function closedUntilOpened(name: string, opening: string): Response {
  return unauthorized(
    `The route '${name}' is closed until the application says who may use it: give the handler an authorizer, such as ${opening}.`,
    // No credentials help: a page need not ask for any.
    { closed: true },
  );
}

function unauthorized(detail: string, members: Readonly<Record<string, unknown>> = {}): Response {
  return problem(401, detail, { members, headers: { 'WWW-Authenticate': 'Bearer realm="feature-flags"' } });
}
