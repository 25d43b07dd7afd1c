import { vectorFailures } from './vector-failures.mjs';

export default { fetch: async (request) => Response.json(vectorFailures(await request.json())) };
