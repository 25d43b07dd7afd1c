import type { FlagClient, PinnedFlags } from '@clarity/flags-core';
import { createMiddleware } from 'hono/factory';

/** What the middleware below adds to a request: `c.var.flags`. */
export interface FlagsEnv {
  readonly Variables: { flags: PinnedFlags };
}

/** `c.var.flags` for every handler: one context and one snapshot for the whole request. */
export const requestFlags = (flags: FlagClient) =>
  createMiddleware<FlagsEnv>(async (c, next) => {
    // A real application takes the one who is logged in.
    c.set('flags', flags.forContext({ userId: c.req.query('user') }));
    await next();
  });

/** Lets a request on only while the flag is on for it; else the route is not there. */
export const requireFlag = (key: string) =>
  createMiddleware<FlagsEnv>(async (c, next) => (c.var.flags.isEnabled(key) ? next() : c.notFound()));
