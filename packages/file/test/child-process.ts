/** Starts a child that runs one of the scripts in `children/` from the packages' sources. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const IMPORTS = new URL('./children/source-imports.mjs', import.meta.url);
const SCRIPTS = {
  forgetful: new URL('./children/forgetful.ts', import.meta.url),
  race: new URL('./children/race.ts', import.meta.url),
  rewrite: new URL('./children/rewrite.ts', import.meta.url),
  rights: new URL('./children/rights.ts', import.meta.url),
} as const;

export function startChild(script: keyof typeof SCRIPTS, ...args: readonly string[]): ChildProcess {
  return fork(fileURLToPath(SCRIPTS[script]), args, {
    execArgv: ['--import', IMPORTS.href],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** The child's next message. Rejects when it exits first. */
export async function message(child: ChildProcess): Promise<unknown> {
  const gone = new AbortController();
  try {
    const exit = once(child, 'exit', { signal: gone.signal }).then(([code]) => {
      throw new Error(`the child ended with code ${String(code)} before it said anything`);
    });
    const [said] = await Promise.race([once(child, 'message', { signal: gone.signal }), exit]);
    return said as unknown;
  } finally {
    gone.abort();
  }
}

/** The exit code, or the signal's name. */
export async function ended(child: ChildProcess): Promise<number | string> {
  if (child.exitCode !== null) return child.exitCode;
  if (child.signalCode !== null) return child.signalCode;
  const [code, signal] = await once(child, 'exit');
  return (code ?? signal) as number | string;
}
