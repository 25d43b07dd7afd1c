// A server in a process of its own that says what it holds.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { demandBuiltPackages } from './built-packages.ts';

export interface Holdings {
  /** Bytes, after everything that nobody holds was let go of. */
  readonly heapUsed: number;
  readonly external: number;
  readonly rss: number;
  /** Timers that Node knows of. */
  readonly timers: number;
  /** Milliseconds of CPU time that it has used so far. */
  readonly cpuMs: number;
}

export interface MeasuredServer {
  readonly port: number;
  readonly measure: () => Promise<Holdings>;
  /** Publishes another document and has the client read it. */
  readonly change: () => Promise<void>;
  readonly kill: () => Promise<void>;
}

export async function startMeasuredServer(): Promise<MeasuredServer> {
  demandBuiltPackages();
  const child = fork(fileURLToPath(new URL('../http/measured-server.mjs', import.meta.url)), {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'close');
  const { port } = await answer<{ port: number }>(child);
  return {
    port,
    measure: async () => {
      child.send('measure');
      return (await answer<{ measured: Holdings }>(child)).measured;
    },
    change: async () => {
      child.send('change');
      await answer(child);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function answer<T>(child: ChildProcess): Promise<T> {
  const settled = new AbortController();
  const { signal } = settled;
  try {
    const [message] = (await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'close', { signal }).then(() => Promise.reject(new Error('the measured server ended'))),
    ])) as [T];
    return message;
  } finally {
    settled.abort();
  }
}
