import { type FlagClient, setFlagClient } from '@clarity/flags-core';
import { setupFeatureFlags } from '@clarity/flags-express';
import { fileStore } from '@clarity/flags-file';
import { type Authorizer, bearerToken } from '@clarity/flags-http';
import express, { type Express } from 'express';
import { isEnhancedSecurityEnabled, isManiaRiskEnabled, isPatModelV2Enabled } from './flags.ts';
import { DigitalTwin } from './twin.ts';

export interface TwinSettings {
  readonly flagsFile: string;
  /** Who operates the platform shows this. */
  readonly token: string;
}

/** Health, refresh and all the rest are the operator's; only what an orchestrator probes is open. */
function operatorOnly(token: string): Authorizer {
  const authorize = bearerToken(token);
  return (request, route) => route.name === 'live' || route.name === 'ready' || authorize(request, route);
}

/** The platform's API over flags from a file. The client closes with the server. */
export async function createTwinApp({
  flagsFile,
  token,
}: TwinSettings): Promise<{ readonly app: Express; readonly flags: FlagClient }> {
  const app = express();
  app.disable('x-powered-by');
  const flags = await setupFeatureFlags(app, {
    ...fileStore({ path: flagsFile }),
    refreshMode: 'both',
    refreshIntervalMs: 10_000,
    readyTimeoutMs: 2_000,
    authorize: operatorOnly(token),
  });
  // From here on flags.ts can be asked from anywhere in the process.
  setFlagClient(flags);

  app.use((_request, response, next) => {
    if (isEnhancedSecurityEnabled()) {
      response.set({ 'Cache-Control': 'no-store', 'Strict-Transport-Security': 'max-age=31536000' });
    }
    next();
  });

  app.get('/twins/:userId', ({ params: { userId } }, response) => {
    response.json(new DigitalTwin(userId, nightsOf(userId)).assess());
  });

  app.get('/twins/:userId/features', ({ params: { userId } }, response) => {
    response.json({ maniaRisk: isManiaRiskEnabled(userId), patModelV2: isPatModelV2Enabled(userId) });
  });

  return { app, flags };
}

/** Hours of sleep, night by night. A real platform reads them from where the watch put them. */
function nightsOf(userId: string): readonly number[] {
  const start = 8 - (userId.length % 3);
  return Array.from({ length: 14 }, (_, night) => start - night * 0.2);
}
