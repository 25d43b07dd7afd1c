import { problem } from './responses.ts';

/** What a request carries: nothing, JSON, or what is answered with `refusal`. */
export type JsonBody = { readonly json: unknown } | { readonly absent: true } | { readonly refusal: Response };

/**
 * The body as JSON, if it has one. One that is longer than `maxBytes` is refused with 413 and read no further, one that
 * does not say that it is JSON with 415, and one that is not JSON with 400. A body of blanks counts as no body.
 *
 * @throws {Error} when the body was read before, and what it said is gone.
 */
export async function readJson(request: Request, maxBytes: number): Promise<JsonBody> {
  const text = await readText(request, maxBytes);
  if (text === undefined) return { refusal: problem(413, `The body may have ${maxBytes} bytes at most.`) };
  if (text.trim() === '') return { absent: true };
  if (!isJson(request)) return { refusal: problem(415, 'The body must be application/json.') };
  try {
    return { json: JSON.parse(text) };
  } catch {
    return { refusal: problem(400, 'The body says that it is application/json, and it is not JSON.') };
  }
}

export function isJson(request: Request): boolean {
  return /^application\/json *(?:;|$)/i.test(request.headers.get('content-type') ?? '');
}

/** The body as text; undefined as soon as it turns out to be longer. */
async function readText({ body, bodyUsed }: Request, maxBytes: number): Promise<string | undefined> {
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
    if (bytes > maxBytes) {
      reader.cancel().catch(() => {});
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}
