import { requireOptions, showOption } from '@clarity/flags-core/adapter-kit';
import type { RequestHandler } from 'express';

export interface RequireFlagOptions {
  /** What counts while the flag cannot be evaluated. Default false: closed. */
  readonly fallback?: boolean;
  /** What is answered while the flag is off. Default: a 404 that does not say why, as if the route were not there. */
  readonly otherwise?: RequestHandler;
}

/**
 * Lets a request on only while `key` is on for it, as `req.flags` sees it: `app.get('/new', requireFlag('new_page'),
 * handler)`. `setupFeatureFlags` must have been called on the app before; without it the request fails with an error
 * that says so.
 *
 * @throws {TypeError} when `key` is not a text with something in it, or `options` is not an object.
 */
export function requireFlag(key: string, options: RequireFlagOptions = {}): RequestHandler {
  if (typeof key !== 'string' || key === '') {
    throw new TypeError(`key is ${showOption(key)}; allowed is the key of a flag, such as requireFlag('new_page')`);
  }
  requireOptions(options, 'requireFlag', '{ fallback, otherwise }, or nothing');
  const { fallback = false, otherwise = notFound } = options;
  return (request, response, next) => {
    // Its type promises it; nobody promises that setupFeatureFlags was called.
    const flags: unknown = request.flags;
    if (flags === undefined) {
      next(
        new Error(
          `requireFlag(${JSON.stringify(key)}) needs req.flags: await setupFeatureFlags(app, …) before the routes`,
        ),
      );
      return;
    }
    if (request.flags.isEnabled(key, fallback)) next();
    else void answerOtherwise(otherwise, request, response, next);
  };
}

/** Express 4 does not look at what a handler returns. */
async function answerOtherwise(
  otherwise: RequestHandler,
  ...[request, response, next]: Parameters<RequestHandler>
): Promise<void> {
  try {
    await otherwise(request, response, next);
  } catch (error) {
    // Always an error: without one, or with the word 'route', the request would be let on.
    next(error instanceof Error ? error : new Error('the otherwise of requireFlag failed', { cause: error }));
  }
}

const notFound: RequestHandler = (_request, response) => {
  response
    .status(404)
    .set('Cache-Control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title: 'Not Found', status: 404 }));
};
