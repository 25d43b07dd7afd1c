// A program of ours as a user runs it: a child process whose lines can be waited for.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { demandBuiltPackages } from './built-packages.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface Program {
  /** Everything it has written so far, both streams. */
  readonly output: () => string;
  /** The first match in what it has written or will write; rejects when it ends without one. */
  readonly says: (pattern: RegExp) => Promise<RegExpExecArray>;
  /** Sends a signal and resolves with the exit code once it has ended by itself. */
  readonly stop: (signal: NodeJS.Signals) => Promise<number | null>;
  /** Resolves with the exit code once it has ended by itself. */
  readonly ends: () => Promise<number | null>;
  /** Ends it in any state; for clean-up. */
  readonly kill: () => Promise<void>;
}

/**
 * Starts a TypeScript or JavaScript file, named from the repository's root, by default in the Node that runs the tests.
 */
export function startProgram(
  file: string,
  env: Readonly<Record<string, string>>,
  runtime: readonly [command: string, ...args: string[]] = [process.execPath],
): Program {
  return startCommand([...runtime, file], { cwd: root, env });
}

/** Starts a command in a folder; `env` is put above the variables of this process. */
export function startCommand(
  [command, ...args]: readonly [command: string, ...args: string[]],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Program {
  demandBuiltPackages();
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      child.emit('said');
    });
  }
  const ended = once(child, 'close');
  return {
    output: () => output,
    says: (pattern) => firstMatch(child, pattern, () => output),
    ends: async () => {
      await ended;
      return child.exitCode;
    },
    stop: async (signal) => {
      child.kill(signal);
      await ended;
      return child.exitCode;
    },
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function firstMatch(child: ChildProcess, pattern: RegExp, output: () => string): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const done = () => child.off('said', look).off('close', ended);
    const look = () => {
      const match = pattern.exec(output());
      if (match === null) return;
      done();
      resolve(match);
    };
    const ended = () => {
      done();
      reject(new Error(`it ended without saying ${String(pattern)}:\n${output()}`));
    };
    child.on('said', look).on('close', ended);
    look();
  });
}
