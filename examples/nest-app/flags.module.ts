// One client for the process, that is injected by a token.
import { type FlagClient, setFlagClient } from '@clarity/flags-core';
import { createFlagClientFromEnv } from '@clarity/flags-node';
import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';

/** What `@Inject(FLAGS)` gives. */
export const FLAGS = Symbol('FLAGS');

async function openFlags(): Promise<FlagClient> {
  // FEATURE_FLAG_STORE_URL names the store; without it that is flags.json.
  const flags = await createFlagClientFromEnv({ refreshMode: 'both' });
  // For `@featureFlag`, and for code that nothing is injected into.
  setFlagClient(flags);
  // A store that is down does not stop the application: it starts with every feature off.
  await flags.ready({ timeoutMs: 2_000 }).catch((error: Error) => console.warn(error.message));
  return flags;
}

@Global()
@Module({ providers: [{ provide: FLAGS, useFactory: openFlags }], exports: [FLAGS] })
export class FlagsModule implements OnApplicationShutdown {
  constructor(@Inject(FLAGS) private readonly flags: FlagClient) {}

  /** Nest calls this when the server has closed. */
  onApplicationShutdown(): Promise<void> {
    return this.flags.close();
  }
}
