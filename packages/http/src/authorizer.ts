import { problem, withSecurityHeaders } from './responses.ts';

/**
 * Decides about one request: `true` lets it through, `false` answers 401, and a `Response` is given as the answer (a
 * 403, a redirect to a login page). Whatever else comes back, and whatever is thrown, keeps the route closed.
 */
export type Authorizer = (request: Request) => boolean | Response | Promise<boolean | Response>;

/** Undefined when the request may pass; otherwise the answer. Never rejects. */
export async function refusal(
  authorize: Authorizer,
  request: Request,
  report: (error: unknown) => void,
): Promise<Response | undefined> {
  try {
    // Its type promises a boolean or a Response; code without types may well return something merely truthy.
    const verdict: unknown = await authorize(request);
    if (verdict === true) return undefined;
    if (verdict instanceof Response) return withSecurityHeaders(verdict);
  } catch (error) {
    report(error);
    return problem(500, 'The authorizer of this route failed, and so the route stays closed. The cause is in the log.');
  }
  return problem(401, 'The authorizer of this route refused the request.', {
    headers: { 'WWW-Authenticate': 'Bearer realm="feature-flags"' },
  });
}
