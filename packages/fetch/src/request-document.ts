import { uncached } from '@clarity/flags-core/adapter-kit';
import { calledOffError, isCalledOff, isStoreError } from '@clarity/flags-core/ports';
import type { FetchSettings } from './fetch-options.ts';
import { networkError } from './network-error.ts';
import { isRedirect, redirectTarget, tooManyRedirects } from './redirect-target.ts';
import type { Validators } from './validators.ts';

export interface Answer {
  readonly response: Response;
  /** The address that answered, after redirects. */
  readonly address: string;
  /** Whether it was asked "is it still this one?". */
  readonly conditional: boolean;
}

const MOST_REDIRECTS = 3;

/**
 * Asks for the document and follows redirects by hand, since runtimes differ in which headers they carry to another
 * origin: we carry none of the user's. Validators go only to the address that gave them.
 *
 * @throws StoreError, or the reason of the signal
 */
export async function requestDocument(
  settings: FetchSettings,
  validators: Validators | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  const { name, allowHttp } = settings;
  const own = await settings.headers();
  let url = settings.url;
  for (let redirects = 0; ; redirects += 1) {
    signal.throwIfAborted();
    const conditional = validators?.address === url.href ? validators : undefined;
    const headers = new Headers({ accept: 'application/json', 'cache-control': 'no-cache' });
    if (url.origin === settings.url.origin) for (const [header, value] of own) headers.set(header, value);
    if (conditional?.etag !== undefined) headers.set('if-none-match', conditional.etag);
    if (conditional?.lastModified !== undefined) headers.set('if-modified-since', conditional.lastModified);
    const response = await send(settings, url, headers, signal);
    if (!isRedirect(response)) return { response, address: url.href, conditional: conditional !== undefined };
    discard(response);
    if (redirects === MOST_REDIRECTS) throw tooManyRedirects(name, MOST_REDIRECTS);
    url = redirectTarget(response, url, name, allowHttp);
  }
}

async function send(settings: FetchSettings, url: URL, headers: Headers, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await settings.fetch(url.href, { headers, signal, redirect: 'manual', ...uncached() });
  } catch (error) {
    if (signal.aborted || isStoreError(error)) throw error;
    throw isCalledOff(error) ? calledOffError(`reading ${settings.name}`) : networkError(error, settings.name);
  }
  // A fetch that ignores its signal answers late.
  if (signal.aborted) discard(response);
  signal.throwIfAborted();
  return response;
}

/** Lets go of a body that nobody will read, so that its connection ends. */
export function discard(response: Response): void {
  response.body?.cancel().catch(() => undefined);
}
