import { isOfAnotherSite, problem, readJson } from '@clarity/flags-web';

const MAX_BYTES = 1_024;

/**
 * What a caller of the refresh route wants: nothing, or a JSON object with `force`. A `Response` is the answer to what
 * cannot be understood.
 */
export async function readRefreshRequest(request: Request): Promise<{ readonly force: boolean } | Response> {
  if (isOfAnotherSite(request)) return problem(403, 'Pages of other sites may not refresh the flags.');
  const body = await readJson(request, MAX_BYTES);
  if ('refusal' in body) return body.refusal;
  if ('absent' in body) return { force: false };
  const force = forceOf(body.json);
  return force === undefined
    ? problem(400, 'The body must be {"force": true}, {"force": false}, {} or absent.')
    : { force };
}

function forceOf(body: unknown): boolean | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const { force = false, ...others } = body as Record<string, unknown>;
  return typeof force === 'boolean' && Object.keys(others).length === 0 ? force : undefined;
}
