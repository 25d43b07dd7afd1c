import type { EvaluationContext, FlagClient, FlagValue, PinnedFlags } from '@clarity/flags-core';
import type { Answer } from '@clarity/flags-core/evaluation';
import type { Request, RequestHandler } from 'express';
import type { Report } from './error-report.ts';

declare global {
  // The name that Express's types leave open for this.
  namespace Express {
    interface Request {
      /**
       * The flags for this request: one context and one snapshot from the first question to the last. Both are taken at
       * that first question, so that what ran before (authentication) can tell who asks.
       */
      readonly flags: PinnedFlags;
    }
  }
}

/** Who asks, as flags want to know it: for example `(req) => ({ targetingKey: req.user?.id })`. */
export type RequestContext = (request: Request) => EvaluationContext | undefined;

/**
 * Middleware that puts `flags` on each request. It never fails a request and costs nothing until a flag is asked for.
 */
export function requestFlags(
  client: FlagClient,
  contextOf: RequestContext | undefined,
  report: Report,
): RequestHandler {
  return (request, _response, next) => {
    try {
      let pinned: PinnedFlags | undefined;
      Object.defineProperty(request, 'flags', {
        configurable: true,
        get: () => (pinned ??= pin(client, contextFor(request, contextOf, report), report)),
      });
    } catch (error) {
      report('req.flags could not be set; requests go on without it', error);
    }
    next();
  };
}

function contextFor(request: Request, contextOf: RequestContext | undefined, report: Report): EvaluationContext {
  if (contextOf === undefined) return {};
  try {
    const context: unknown = contextOf(request);
    if (typeof context === 'object' && context !== null && 'then' in context) {
      Promise.resolve(context).catch(() => {});
      throw new TypeError(
        'context returned a promise; flags are asked for without waiting, so it must return a plain object',
      );
    }
    return typeof context === 'object' && context !== null ? context : {};
  } catch (error) {
    report('the context option failed; flags are evaluated without a context', error);
    return {};
  }
}

function pin(client: FlagClient, context: EvaluationContext, report: Report): PinnedFlags {
  try {
    return client.forContext(context);
  } catch (error) {
    report('the client failed; the request gets its fallbacks', error);
    return FALLBACKS;
  }
}

/** What is served when even the client fails: the caller's fallbacks. */
const FALLBACKS: PinnedFlags = {
  isEnabled: (_key, fallback = false) => fallback,
  value: <T extends FlagValue | null>(_key: string, fallback: T) => fallback as Answer<T>,
  details: <T extends FlagValue | null>(flagKey: string, fallback: T) => ({
    flagKey,
    value: fallback as Answer<T>,
    reason: 'ERROR',
    errorCode: 'GENERAL',
    errorMessage: 'the flag client failed',
    revision: null,
    freshness: 'never',
  }),
  all: () => ({}),
  allDetails: () => ({}),
  revision: null,
};
