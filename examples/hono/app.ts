// The application, without a server: it runs wherever Hono does.
import type { FlagClient } from '@clarity/flags-core';
import type { FlagHandler } from '@clarity/flags-http';
import { Hono } from 'hono';
import { type FlagsEnv, requestFlags, requireFlag } from './request-flags.ts';

export function createApp(flags: FlagClient, flagRoutes: FlagHandler): Hono<FlagsEnv> {
  const app = new Hono<FlagsEnv>();
  // The request as it came: `app.mount` would decode its path, and `/%6fps/…` get around a proxy's rule about /ops.
  app.all('/ops/*', (c) => flagRoutes(c.req.raw));
  app.use(requestFlags(flags));
  app.get('/search', (c) => c.json({ engine: c.var.flags.isEnabled('search_v2') ? 'meaning' : 'words' }));
  app.use('/beta/*', requireFlag('beta_program'));
  app.get('/beta/news', (c) => c.json({ news: ['You see this before everybody else.'] }));
  return app;
}
