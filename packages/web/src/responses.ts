/** The answers of every face: JSON, and problem details (RFC 9457) for errors. */

const encoder = new TextEncoder();

const TITLES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
} as const;

export type ProblemStatus = keyof typeof TITLES;

/** On every answer, an authorizer's own included, unless it already says otherwise. */
const SECURITY_HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const;

/**
 * Where an answer keeps a body that was whole from the beginning. Registered: each face has a copy of this file, and
 * one may answer for another.
 */
const WHOLE_BODY = Symbol.for('clarity-flags.whole-body');

/**
 * The body in one piece, where nobody has to wait for it: then it can be sent without a stream, which costs more than
 * it.
 */
export function wholeBody(response: Response): Uint8Array | undefined {
  return response.bodyUsed ? undefined : (response as { readonly [WHOLE_BODY]?: Uint8Array })[WHOLE_BODY];
}

export function json(status: number, body: unknown, type = 'application/json'): Response {
  return text(status, JSON.stringify(body), type);
}

export function text(status: number, body: string, type: string): Response {
  // Encoded here, so that the length is known: a HEAD answer must state the length that GET would have.
  const bytes = encoder.encode(body);
  const headers = { ...SECURITY_HEADERS, 'Content-Type': type, 'Content-Length': String(bytes.byteLength) };
  const response = new Response(bytes, { status, headers });
  return Object.defineProperty(response, WHOLE_BODY, { value: bytes });
}

export interface ProblemExtras {
  readonly headers?: Readonly<Record<string, string>>;
  /** Extension members beside `type`, `title`, `status` and `detail`. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** Problem details. `detail` is for people, says what to do, and holds nothing that the caller may not know. */
export function problem(
  status: ProblemStatus,
  detail: string,
  { headers = {}, members = {} }: ProblemExtras = {},
): Response {
  const response = json(
    status,
    { type: 'about:blank', title: TITLES[status], status, detail, ...members },
    'application/problem+json',
  );
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

/** For every path but those that there are, as spelled. `instead` is one that differs by a slash at its end. */
export function nothingHere(instead?: string): Response {
  const hint =
    instead === undefined
      ? 'Paths are matched exactly as they are typed.'
      : `Paths are matched exactly as they are typed, and there is one at ${instead}. Where the host adds the slash, give ` +
        'the handler { trailingSlash: true }; where it takes it away, leave that out.';
  return problem(404, `There is nothing at this path. ${hint}`);
}

export function noContent(headers: Readonly<Record<string, string>>): Response {
  return withSecurityHeaders(new Response(null, { status: 204, headers }));
}

export function redirect(status: 308, location: string): Response {
  return withSecurityHeaders(new Response(null, { status, headers: { Location: location } }));
}

/** A copy, because the headers of some responses (a redirect, one that was fetched) cannot be changed. */
export function withSecurityHeaders(response: Response): Response {
  const copy = new Response(response.body, response);
  for (const [name, value] of Object.entries(SECURITY_HEADERS))
    if (!copy.headers.has(name)) copy.headers.set(name, value);
  return copy;
}

/** What HEAD answers: the same status and headers, and no body. */
export function withoutBody(response: Response): Response {
  // The producer of a streamed body is told that nobody reads it.
  response.body?.cancel().catch(() => {});
  return new Response(null, response);
}
