export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { createFlagClientFromEnv, featureFlagHealth, setFlagClient } = await import('@clarity/flags-node');
  if (featureFlagHealth() !== null) return; // hot reload runs this again
  const flags = await createFlagClientFromEnv({ refreshMode: 'both' });
  setFlagClient(flags);
  await flags.ready().catch(() => undefined); // Next waits for it; without the store it starts on fallbacks
}
