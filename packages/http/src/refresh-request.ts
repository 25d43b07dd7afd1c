import { problem } from './responses.ts';

const MAX_BYTES = 1_024;

/**
 * What a caller of the refresh route wants: nothing, or a JSON object with `force`. A `Response` is the answer to what
 * cannot be understood.
 */
export async function readRefreshRequest(request: Request): Promise<{ readonly force: boolean } | Response> {
  if (isOfAnotherSite(request)) return problem(403, 'Pages of other sites may not refresh the flags.');
  const text = await smallText(request);
  if (text === undefined) return problem(413, `The body may have ${MAX_BYTES} bytes at most.`);
  if (text.trim() === '') return { force: false };
  if (!isJson(request)) {
    return problem(415, 'The body must be application/json, or absent.');
  }
  const force = forceOf(text);
  return force === undefined
    ? problem(400, 'The body must be {"force": true}, {"force": false}, {} or absent.')
    : { force };
}

/** Browsers say where a request comes from. Another site's page must not act for whoever is logged in here. */
function isOfAnotherSite(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site !== 'same-origin' && site !== 'none';
  // Over plain HTTP they name the page's origin only. Behind a proxy its host may be another than the one asked here; but then JSON
  // tells, for which a browser would have asked beforehand on behalf of another site, and been refused.
  const origin = request.headers.get('origin');
  if (origin === null || isJson(request)) return false;
  return !URL.canParse(origin) || new URL(origin).host !== new URL(request.url).host;
}

function isJson(request: Request): boolean {
  return /^application\/json *(?:;|$)/i.test(request.headers.get('content-type') ?? '');
}

function forceOf(text: string): boolean | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const { force = false, ...others } = body as Record<string, unknown>;
  return typeof force === 'boolean' && Object.keys(others).length === 0 ? force : undefined;
}

/** The body as text; undefined as soon as it turns out to be too long. */
async function smallText({ body, bodyUsed }: Request): Promise<string | undefined> {
  // What it said is gone, and to take it for nothing could do the opposite of what was asked for.
  if (bodyUsed) throw new Error('the body was read before: an authorizer that needs it reads that of request.clone()');
  if (body === null) return '';
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > MAX_BYTES) {
      reader.cancel().catch(() => {});
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}
