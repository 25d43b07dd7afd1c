// The command line with everything around it, and a store in a folder of each test's own.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach } from 'vitest';
import { run } from '../src/run.ts';

export const DOCUMENT = {
  schemaVersion: 1,
  flags: {
    new_checkout: { status: 'canary', rolloutPercentage: 50, betaUsers: ['u1'] },
    theme: {
      type: 'string',
      variants: { light: 'light', dark: 'dark' },
      rules: [{ id: 'swiss', when: { attribute: 'country', op: 'equals', value: 'CH' }, serve: 'dark' }],
      fallthrough: 'light',
    },
  },
};

export let folder: string;
/** A file with `DOCUMENT`. */
export let store: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clarity-cli-'));
  store = join(folder, 'flags.json');
  await writeFile(store, JSON.stringify(DOCUMENT));
});
afterEach(() => rm(folder, { recursive: true }));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What a question begins with. */
const HIDES_CURSOR = '\u001b[?25l';

interface Around {
  readonly terminal?: boolean;
  readonly variables?: Readonly<Record<string, string>>;
  readonly interrupted?: AbortSignal;
  /** Null for one that says nothing and does not end. */
  readonly input?: string | null;
  readonly onOutput?: (output: string) => void;
  /** What is typed on the terminal, one for each question. */
  readonly answers?: readonly string[];
  readonly packageFolder?: string;
}

/** Runs the command line in this process. */
export async function cli(args: readonly string[], around: Around = {}): Promise<Ran> {
  const {
    terminal = false,
    variables = {},
    interrupted = new AbortController().signal,
    input = '',
    onOutput,
    answers,
    packageFolder = '',
  } = around;
  const [stdout, stderr] = [new PassThrough(), new PassThrough()].map((stream) =>
    Object.assign(stream, { isTTY: terminal }),
  );
  const text = { out: '', err: '' };
  let answered = 0;
  stdout?.on('data', (chunk) => {
    text.out += String(chunk);
    onOutput?.(String(chunk));
  });
  const stdin = Object.assign(
    input === null || answers !== undefined ? new PassThrough() : new PassThrough().end(input),
    {
      isTTY: answers !== undefined,
      setRawMode: () => {},
    },
  );
  stderr?.on('data', (chunk) => {
    text.err += String(chunk);
    // Once the whole question is there, and who asked it listens.
    const questions = text.err.split(HIDES_CURSOR);
    const answer = answers?.[answered];
    if (answer === undefined || questions.length !== answered + 2 || !questions.at(-1)!.includes('└')) return;
    answered++;
    setImmediate(() => stdin.write(answer));
  });
  const code = await run({
    args,
    variables,
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stderr as unknown as NodeJS.WriteStream,
    interrupted,
    version: '1.2.3',
    packageFolder,
  });
  return { code, ...text };
}

/** Writes a file into the test's folder and gives its path. */
export async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}
