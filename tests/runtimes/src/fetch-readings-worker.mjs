import { fetchReadings } from './fetch-readings.mjs';

export default {
  fetch: async (request) => {
    const { searchParams } = new URL(request.url);
    return Response.json(await fetchReadings(searchParams.get('origin'), searchParams.get('other')));
  },
};
