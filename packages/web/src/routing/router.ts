import type { Gate } from '../access/gate.ts';
import { noContent, nothingHere, problem, withoutBody } from '../responses.ts';
import { pathTable } from './path-table.ts';
import { allowedMethods, routeFor, type RoutePath } from './routes.ts';
import { spelledPath } from './spelled-path.ts';

export interface RouterParts<Name extends string, Caller> {
  readonly paths: readonly RoutePath<Name, Caller>[];
  /** Asked before every route. */
  readonly gate: Gate<Name, Caller>;
  /** Told about what a route threw. Never throws. */
  readonly report: (error: unknown) => void;
}

/**
 * Answers requests by the paths: HEAD like GET, OPTIONS with the methods, other methods with 405, other paths with 404,
 * and what a route throws with 500. What it returns never throws and never rejects.
 *
 * A path is matched exactly as it stands in `request.url`: case counts, nothing is resolved, and a doubled or trailing
 * slash, a `.` or `..` segment or a fragment makes another path, so 404. A parameter is taken only in the spelling that
 * `encodeURIComponent` gives.
 *
 * @throws {TypeError} when a pattern is not a path, or two are the same.
 */
export function router<Name extends string, Caller>({
  paths,
  gate,
  report,
}: RouterParts<Name, Caller>): (request: Request) => Promise<Response> {
  const find = pathTable(paths);

  async function answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const typed = spelledPath(request.url);
    const found = find(typed);
    if (found === undefined) {
      const other = typed.endsWith('/') ? typed.slice(0, -1) : `${typed}/`;
      return nothingHere(find(other)?.path.pattern);
    }
    const { path, parameters } = found;
    const allow = allowedMethods(path);
    // Before the authorizer: a browser's preflight carries no credentials, and which methods exist is no secret.
    if (request.method === 'OPTIONS') return noContent({ Allow: allow });
    const route = routeFor(path, request.method);
    if (route === undefined) {
      return problem(405, `This path answers ${allow}.`, { headers: { Allow: allow } });
    }
    const admission = await gate(request, path);
    return 'refusal' in admission
      ? admission.refusal
      : await route(request, { url, parameters, caller: admission.caller });
  }

  return async (request) => {
    try {
      const response = await answer(request);
      return request.method === 'HEAD' ? withoutBody(response) : response;
    } catch (error) {
      report(error);
      return problem(500, 'The request could not be answered. The cause is in the log.');
    }
  };
}
