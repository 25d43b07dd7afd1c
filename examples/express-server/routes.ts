import type { EvaluationContext, FlagClient } from '@clarity/flags-core';
import { requireFlag } from '@clarity/flags-express';
import type { Application, Request } from 'express';
import { overview } from './overview.ts';
import type { DemoStore } from './store.ts';

/** The flags that this program asks for. A file may hold more; one that is missing counts as off. */
const KNOWN = ['mania_risk_analysis', 'pat_model_v2', 'enhanced_security', 'graceful_degradation', 'sleep_insights'];

/** The user is named by the path or the query; a real application takes the one who is logged in. */
export function whoAsks({ params, query }: Request): EvaluationContext {
  const userId = params['userId'] ?? query['userId'];
  return typeof userId === 'string' ? { targetingKey: userId } : {};
}

export function addRoutes(app: Application, flags: FlagClient, store: DemoStore): void {
  // Asked of the client and not of req.flags: the path's user is not known yet.
  app.use((_request, response, next) => {
    if (flags.isEnabled('enhanced_security')) {
      response.set({
        'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
        'X-Frame-Options': 'DENY',
      });
    }
    next();
  });

  app.get('/', (_request, response) => {
    response.type('html').send(overview(store));
  });

  // For trying out. It shows every flag, so a real application lets only the operator see it.
  app.get('/flags', (request, response) => {
    const values = request.flags.all();
    const keys = [...new Set([...KNOWN, ...Object.keys(values)])];
    response.json({
      userId: whoAsks(request).targetingKey ?? null,
      revision: request.flags.revision,
      freshness: flags.freshness().state,
      flags: Object.fromEntries(
        keys.map((key) => {
          const { value, variant, reason, errorCode } = request.flags.details(key, values[key] ?? false);
          return [key, { value, variant, reason, errorCode }];
        }),
      ),
    });
  });

  app.get('/risk/:userId', (request, response) => {
    const mania = request.flags.details('mania_risk_analysis', false);
    const wanted = request.flags.isEnabled('pat_model_v2') ? 'pat-v2' : 'pat-v1';
    // `?fail` plays a model that does not answer.
    const failed = 'fail' in request.query;
    if (failed && !request.flags.isEnabled('graceful_degradation')) {
      response.status(503).json({ error: `model ${wanted} does not answer, and graceful_degradation is off` });
      return;
    }
    response.json({
      userId: request.params.userId,
      model: failed ? 'rules-only' : wanted,
      analyses: mania.value ? ['sleep', 'activity', 'mania_risk'] : ['sleep', 'activity'],
      mania_risk_analysis: { enabled: mania.value, reason: mania.reason },
    });
  });

  // Not there at all for people who have not asked to try it.
  app.get('/insights/:userId', requireFlag('sleep_insights'), (request, response) => {
    response.json({ userId: request.params['userId'], week: { averageHours: 7.4, steadiest: 'Tuesday' } });
  });
}
