import { boundOf } from '../../refresh/bound.ts';
import type { LogEntry } from '../../refresh/protocol.ts';
import type { ResolvedOptions } from './resolve-options.ts';

/** What a client logs when it starts: what is odd about its options, and within which bound a change arrives. */
export function startLog({
  environment,
  settings,
  warnings,
}: Pick<ResolvedOptions, 'environment' | 'settings' | 'warnings'>): readonly LogEntry[] {
  const { mode, intervalMs, staleAfterMs } = settings;
  const { healthyMs: boundMs, afterOutageMs: boundAfterOutageMs } = boundOf(settings);
  return [
    ...warnings.map((message): LogEntry => ({ level: 'warn', message, fields: {} })),
    {
      level: 'info',
      message: 'flag client started',
      fields: { environment, mode, intervalMs, staleAfterMs, boundMs, boundAfterOutageMs },
    },
  ];
}
