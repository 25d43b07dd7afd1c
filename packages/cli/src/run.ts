import { styleText } from 'node:util';
import { decodeDocument } from '@clarity/flags-core/document';
import { printable, printableLine, redact } from '@clarity/flags-core/adapter-kit';
import { isStoreError } from '@clarity/flags-core/ports';
import type { FlagStore } from '@clarity/flags-core/ports';
import { connect, MissingAdapterError, StoreAddressError } from '@clarity/flags-node';
import { type CommandLine, type CommandName, HELP, readCommandLine } from './command-line.ts';
import { doctor } from './commands/doctor.ts';
import { evaluate } from './commands/evaluate.ts';
import { publish, restore } from './commands/publish.ts';
import { show } from './commands/show.ts';
import { judge, validate, type Verdict } from './commands/validate.ts';
import { watch } from './commands/watch.ts';
import { confirm } from './confirm.ts';
import { deadline } from './deadline.ts';
import { EXIT, type ExitCode, type Line, type Outcome, UsageError } from './outcome.ts';
import { readDocument } from './read-document.ts';

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
  const { stdout, stderr, interrupted } = surroundings;
  let command: CommandName | undefined;
  const complain = (message: string): void => {
    stderr.write(`clarity-flags: ${printableLine(redact(message).replaceAll('\n', ' '))}\n`);
  };
  try {
    const request = readCommandLine(surroundings.args);
    if (request.kind !== 'run') {
      stdout.write(`${request.kind === 'help' ? HELP : surroundings.version}\n`);
      return EXIT.ok;
    }
    const { line } = request;
    command = line.command;
    const json = line.json ?? !stdout.isTTY;
    const say = (value: unknown, lines: readonly Line[]): void => {
      const texts = json ? [printable(JSON.stringify(value))] : lines.map((told) => styled(told, stdout));
      for (const text of texts) stdout.write(`${text}\n`);
    };
    const outcome = await perform(line, surroundings, (value, told) => say(value, [told]));
    // What it found while it was being stopped is not a finding.
    if (interrupted.aborted && command !== 'watch' && outcome.code !== EXIT.ok) throw interrupted.reason;
    say(outcome.value, outcome.lines);
    for (const warning of outcome.warnings ?? []) complain(`warning: ${warning}`);
    return outcome.code;
  } catch (error) {
    const { code, message } = interrupted.aborted ? interruptionOf(command) : failureOf(error);
    complain(message);
    return code;
  }
}

async function perform(
  line: CommandLine,
  { variables, interrupted, stdin, stderr }: Surroundings,
  tell: (value: unknown, line: Line) => void,
): Promise<Outcome> {
  const [address = '', second = ''] = line.words;
  if (line.command === 'validate' && address === '-') {
    return judge(decodeDocument(await readDocument('-', stdin, interrupted)), 'standard input');
  }
  const writes = line.command === 'publish' || line.command === 'restore';
  const file = writes ? await readDocument(second, stdin, interrupted) : '';
  if (writes) {
    const verdict = judge(decodeDocument(file), 'the file');
    if (verdict.code !== EXIT.ok) return unwritten(verdict);
  }
  const store = await connect(address, { variables });
  try {
    const { command } = line;
    if (command === 'restore' && !line.yes) await confirm(store.source.name, { stdin, stderr }, interrupted);
    if (command === 'watch') return await watch(store, tell, interrupted);
    // Counted from here: people take their time to answer.
    const { signal, clear } = deadline(line.timeoutMs, interrupted);
    try {
      return await ask(command, line, store, file, signal);
    } finally {
      clear();
    }
  } finally {
    await store.close();
  }
}

/** A verdict may sound good (valid, with one flag set aside) and still be the reason for writing nothing. */
function unwritten({ code, value, lines }: Verdict): Outcome {
  return {
    code,
    value: { ...value, written: false },
    lines: [...lines, { text: 'nothing was written', tone: 'bad' }],
  };
}

function ask(
  command: Exclude<CommandName, 'watch'>,
  line: CommandLine,
  store: FlagStore,
  file: string,
  signal: AbortSignal,
): Promise<Outcome> {
  switch (command) {
    case 'validate':
      return validate(store, signal);
    case 'show':
      return show(store, signal);
    case 'publish':
      return publish(store, file, line.expect, signal);
    case 'restore':
      return restore(store, file, signal);
    case 'eval':
      return evaluate(
        store,
        { flag: line.words[1] ?? '', context: line.context, user: line.user, explain: line.explain },
        signal,
      );
    case 'doctor':
      return doctor(store, signal);
  }
}

const STYLES = { good: 'green', bad: 'red', doubtful: 'yellow', quiet: 'dim' } as const;

function styled({ text, tone, isBlock = false }: Line, stdout: NodeJS.WriteStream): string {
  const shown = isBlock ? printable(text) : printableLine(text);
  return tone === undefined || !stdout.isTTY ? shown : styleText(STYLES[tone], shown, { stream: stdout });
}

function interruptionOf(command: CommandName | undefined): { readonly code: ExitCode; readonly message: string } {
  const doubt =
    command === 'publish' || command === 'restore' ? '; look at what the store holds (clarity-flags show)' : '';
  return { code: EXIT.interrupted, message: `interrupted${doubt}` };
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
