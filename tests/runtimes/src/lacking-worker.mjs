// What a worker is told that uses what its runtime lacks. The client is made at module scope, where workerd sets no
// timers.
import { createFlagClient } from '@clarity/flags-core';
import { followFlags } from '@clarity/flags-core/threads';
import * as file from '@clarity/flags-file';
import * as upstash from '@clarity/flags-upstash';

const source = { name: 'silent', read: () => new Promise(() => {}), close: async () => {} };
const place = { url: 'https://flags.example', token: 'token-hunter2' };
const told = (attempt) => {
  try {
    return typeof attempt();
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
};
const atModuleScope = told(() => createFlagClient({ source, variables: false }));

export default {
  fetch: () =>
    Response.json({
      atModuleScope,
      inRequest: told(() => createFlagClient({ source, variables: false })),
      threads: told(() => followFlags(undefined)),
      fileStore: told(() => file.fileStore({ path: 'flags.json' })),
      upstashStore: told(() => upstash.upstashStore(place)),
      upstashFeed: told(() => upstash.upstashFeed(place)),
      upstashSource: told(() => upstash.upstashSource(place)),
      names: { file: Object.keys(file).sort(), upstash: Object.keys(upstash).sort() },
    }),
};
