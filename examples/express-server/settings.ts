import { randomBytes } from 'node:crypto';
import type { FlagClientOptions } from '@clarity/flags-core';

export interface DemoSettings {
  readonly port: number;
  readonly host: string;
  /** Another file than the one beside the program. */
  readonly flagsFile: string | undefined;
  /** Flags live in this Redis instead of the file. */
  readonly redisUrl: string | undefined;
  /** Opens the routes that show every flag. */
  readonly token: string;
  /** How often to read and when flags are stale, unless the client's own variables say it. */
  readonly pace: Pick<FlagClientOptions, 'refreshMode' | 'refreshIntervalMs' | 'staleAfterMs'>;
}

/**
 * PORT (default 3000; 0 is any free one), HOST (default 127.0.0.1: this machine only), FLAGS_FILE, REDIS_URL,
 * FLAGS_TOKEN (default: a new one with each start) and those of the client.
 */
export function readSettings(variables: NodeJS.ProcessEnv): DemoSettings | { readonly problem: string } {
  const { PORT = '', HOST = '', FLAGS_FILE = '', REDIS_URL = '', FLAGS_TOKEN = '' } = variables;
  const unset = (name: string): boolean => (variables[name] ?? '') === '';
  const port = PORT === '' ? 3000 : Number(PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    return {
      problem: `PORT is ${JSON.stringify(PORT)}; it must be a whole number from 0 to 65535 (0: any free port).`,
    };
  }
  if (FLAGS_TOKEN !== '' && !/^[\w.~+/-]{16,}=*$/.test(FLAGS_TOKEN)) {
    // Without saying what it is: this ends up in a log.
    return { problem: "FLAGS_TOKEN must have 16 or more letters, digits, '-', '.', '_', '~', '+' and '/'." };
  }
  return {
    port,
    host: HOST === '' ? '127.0.0.1' : HOST,
    flagsFile: FLAGS_FILE === '' ? undefined : FLAGS_FILE,
    redisUrl: REDIS_URL === '' ? undefined : REDIS_URL,
    token: FLAGS_TOKEN === '' ? randomBytes(18).toString('base64url') : FLAGS_TOKEN,
    pace: {
      ...(unset('FEATURE_FLAG_REFRESH_MODE') && { refreshMode: 'both' }),
      ...(unset('FEATURE_FLAG_REFRESH_INTERVAL') && { refreshIntervalMs: 10_000 }),
      ...(unset('FEATURE_FLAG_STALE_THRESHOLD') && { staleAfterMs: 60_000 }),
    },
  };
}
