import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { styleText } from 'node:util';
import { isStoreError, redact } from '@clarity/flags-core/ports';
import { connect, MissingAdapterError, parseStoreAddress, StoreAddressError } from '@clarity/flags-node';
import { type CommandLine, HELP, readCommandLine } from './command-line.ts';
import { doctor } from './commands/doctor.ts';
import { evaluate } from './commands/evaluate.ts';
import { publish, restore } from './commands/publish.ts';
import { show } from './commands/show.ts';
import { judge, validate } from './commands/validate.ts';
import { watch } from './commands/watch.ts';
import { EXIT, type ExitCode, type Line, type Outcome, UsageError } from './outcome.ts';

/** What the program is run with. */
export interface Surroundings {
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Aborts when the user interrupts. */
  readonly interrupted: AbortSignal;
  readonly version: string;
}

/** Runs one command and gives its exit code. Never throws. */
export async function run(surroundings: Surroundings): Promise<ExitCode> {
  const { stdout, stderr } = surroundings;
  try {
    const request = readCommandLine(surroundings.args);
    if (request.kind !== 'run') {
      stdout.write(`${request.kind === 'help' ? HELP : surroundings.version}\n`);
      return EXIT.ok;
    }
    const { line } = request;
    const json = line.json ?? !stdout.isTTY;
    const tell = (value: unknown, told: Line): void =>
      void stdout.write(json ? `${JSON.stringify(value)}\n` : `${styled(told, stdout)}\n`);
    const outcome = await perform(line, surroundings, tell);
    if (json) stdout.write(`${JSON.stringify(outcome.value)}\n`);
    else for (const told of outcome.lines) stdout.write(`${styled(told, stdout)}\n`);
    return outcome.code;
  } catch (error) {
    const { code, message } = failureOf(error);
    stderr.write(`clarity-flags: ${redact(message)}\n`);
    return code;
  }
}

async function perform(
  line: CommandLine,
  { variables, interrupted, stdin, stdout, stderr }: Surroundings,
  tell: (value: unknown, line: Line) => void,
): Promise<Outcome> {
  const [address = '', second = ''] = line.words;
  const file = line.command === 'publish' || line.command === 'restore' ? await readDocument(second, stdin) : '';
  if (line.command === 'validate' && address === '-') return judge(await readDocument('-', stdin), 'standard input');
  const store = await connect(address, { variables });
  const signal = AbortSignal.any([interrupted, AbortSignal.timeout(line.timeoutMs)]);
  try {
    switch (line.command) {
      case 'validate':
        return await validate(store, signal);
      case 'show':
        return await show(store, signal);
      case 'publish':
        return await publish(store, file, line.expect, signal);
      case 'restore':
        await confirm(line, store.source.name, { stdin, stdout, stderr });
        return await restore(store, file, signal);
      case 'eval':
        return await evaluate(
          store,
          { flag: second, context: line.context, user: line.user, explain: line.explain },
          signal,
        );
      case 'doctor':
        return await doctor(store, signal);
      case 'watch':
        return await watch(store, tell, interrupted);
    }
  } finally {
    await store.close();
  }
}

async function readDocument(path: string, stdin: NodeJS.ReadableStream): Promise<string> {
  try {
    return path === '-' ? await text(stdin) : await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    const shown = isPath(path) ? path : 'a text that is no path (not shown, since it may hold a password)';
    throw new UsageError(`${shown}: ${code}; allowed is a readable file, or - for standard input`);
  }
}

/** Store and file are easily swapped, and the address of a store may hold a password. */
function isPath(text: string): boolean {
  try {
    return parseStoreAddress(text).kind === 'file';
  } catch {
    return false;
  }
}

/** A restore steps over what others published: somebody has to mean it. */
async function confirm(
  line: CommandLine,
  name: string,
  { stdin, stdout, stderr }: Pick<Surroundings, 'stdin' | 'stdout' | 'stderr'>,
): Promise<void> {
  if (line.yes) return;
  if (!stdin.isTTY || !stdout.isTTY)
    throw new UsageError('restore: found nobody to ask; say --yes to restore without being asked');
  const prompt = createInterface({ input: stdin, output: stderr });
  try {
    const answer = await prompt.question(`Restore ${name}, whatever it holds? (yes/no) `);
    if (answer.trim().toLowerCase() !== 'yes') throw new UsageError('restore: not confirmed, nothing was written');
  } finally {
    prompt.close();
  }
}

const STYLES = { good: 'green', bad: 'red', doubtful: 'yellow', quiet: 'dim' } as const;

function styled({ text, tone }: Line, stdout: NodeJS.WriteStream): string {
  return tone === undefined || !stdout.isTTY ? text : styleText(STYLES[tone], text, { stream: stdout });
}

function failureOf(error: unknown): { readonly code: ExitCode; readonly message: string } {
  if (isStoreError(error)) return { code: EXIT.store, message: `${error.reason}: ${error.message}` };
  const message = error instanceof Error ? error.message : String(error);
  const isUsage =
    error instanceof UsageError ||
    error instanceof StoreAddressError ||
    error instanceof MissingAdapterError ||
    error instanceof TypeError ||
    error instanceof RangeError;
  return { code: isUsage ? EXIT.usage : EXIT.store, message };
}
