// Closes a client whose source never answers and does not listen to its signal; nothing may be left to wait for.
import { createFlagClient } from '@clarity/flags-core';

const client = createFlagClient({
  source: { name: 'silent', read: () => new Promise(() => {}), close: () => new Promise(() => {}) },
  refreshMode: 'periodic',
  refreshIntervalMs: 1_000,
  timeoutMs: 500,
  staleAfterMs: 60_000,
  closeTimeoutMs: 200,
  logLevel: 'error',
  variables: false,
});
await client.close();
await client.close();
console.log(JSON.stringify({ fallback: client.isEnabled('new_checkout', {}, true) }));
