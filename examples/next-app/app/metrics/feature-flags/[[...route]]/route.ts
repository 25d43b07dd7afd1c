import { bearerToken, createFlagHandler, onlyClosedRoutes } from '@clarity/flags-http';
import { getFlagClient } from '@clarity/flags-node';

export const dynamic = 'force-dynamic';

// Made by the first request: while Next builds, there is no client.
let handler: ((request: Request) => Promise<Response>) | undefined;
const answer = (request: Request): Promise<Response> => {
  const token = process.env.FLAGS_TOKEN; // without one, the routes that show every flag stay shut
  handler ??= createFlagHandler({
    client: getFlagClient(),
    ...(token !== undefined && { authorize: onlyClosedRoutes(bearerToken(token)), page: true }),
  });
  return handler(request);
};

export { answer as GET, answer as POST };
