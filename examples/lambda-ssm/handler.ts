// An AWS Lambda function behind a function URL, with its flags in one SSM parameter.
import { createFlagClient } from '@clarity/flags-core';
import { ssmSource } from '@clarity/flags-ssm';

/** What of the event of a function URL this function looks at. */
interface UrlEvent {
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>>;
}

interface UrlAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

// Once for each execution environment. Lambda waits for it before the first event, so the first answer has its flags
// already.
const flags = createFlagClient({
  source: ssmSource({ layout: 'single', path: process.env['FLAGS_PARAMETER'] ?? '/shop/flags' }),
  refreshMode: 'periodic',
  timeoutMs: 2_000,
});
await flags.ready({ timeoutMs: 2_500 }).catch((error: Error) => console.warn(error.message));

export async function handler({ queryStringParameters }: UrlEvent): Promise<UrlAnswer> {
  // Between events an environment is frozen, its timers too: one that slept for long reads before it answers.
  if (flags.isStale()) await flags.refresh();

  const asked = flags.forContext({ userId: queryStringParameters?.['user'] });
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      checkout: asked.isEnabled('new_checkout') ? 'one page' : 'three pages',
      shipping: asked.isEnabled('free_shipping') ? 0 : 4.9,
      flags: flags.freshness().state,
    }),
  };
}
