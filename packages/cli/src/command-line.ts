import { parseArgs, type ParseArgsConfig } from 'node:util';
import { counted } from './counted.ts';
import { UsageError } from './outcome.ts';

const OPTIONS = {
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
  expect: { type: 'string' },
  context: { type: 'string', short: 'c' },
  user: { type: 'string', short: 'u' },
  explain: { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
  timeout: { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

export type CommandName = 'validate' | 'show' | 'publish' | 'restore' | 'eval' | 'watch' | 'doctor';

interface Command {
  readonly name: CommandName;
  /** The words after the command. */
  readonly words: string;
  readonly least: number;
  readonly most: number;
  readonly options: readonly (keyof typeof OPTIONS)[];
  readonly summary: string;
}

const COMMANDS: readonly Command[] = [
  { name: 'validate', words: '<file|store>', least: 1, most: 1, options: [], summary: 'check a flag document' },
  {
    name: 'show',
    words: '<store>',
    least: 1,
    most: 1,
    options: [],
    summary: 'the document that a store holds, and its revision',
  },
  {
    name: 'publish',
    words: '<store> <file>',
    least: 2,
    most: 2,
    options: ['expect'],
    summary: 'write a document if the store still holds what is expected',
  },
  {
    name: 'restore',
    words: '<store> <file>',
    least: 2,
    most: 2,
    options: ['yes'],
    summary: 'write a document over anything that the store holds, under a new epoch',
  },
  {
    name: 'eval',
    words: '<store> <flag>',
    least: 2,
    most: 2,
    options: ['context', 'user', 'explain'],
    summary: 'what a flag gives for a context, and why',
  },
  { name: 'watch', words: '<store>', least: 1, most: 1, options: [], summary: 'tell each change until stopped' },
  {
    name: 'doctor',
    words: '<store>',
    least: 1,
    most: 1,
    options: [],
    summary: 'reachable, permitted, readable, clocks, bound',
  },
];

export interface CommandLine {
  readonly command: CommandName;
  readonly words: readonly string[];
  readonly json: boolean | undefined;
  readonly expect: string | undefined;
  readonly context: string | undefined;
  readonly user: string | undefined;
  readonly explain: boolean;
  readonly yes: boolean;
  readonly timeoutMs: number;
}

export type Request = { readonly kind: 'run'; readonly line: CommandLine } | { readonly kind: 'help' | 'version' };

/** @throws UsageError with what is allowed */
export function readCommandLine(args: readonly string[]): Request {
  const { values, positionals } = parse(args);
  if (values.help === true || args.length === 0) return { kind: 'help' };
  if (values.version === true) return { kind: 'version' };
  const [name, ...words] = positionals;
  const command = COMMANDS.find((known) => known.name === name);
  if (command === undefined) {
    throw new UsageError(
      `the command is ${JSON.stringify(name ?? '')}; allowed is one of ${COMMANDS.map((known) => known.name).join(', ')}`,
    );
  }
  if (words.length < command.least || words.length > command.most) {
    throw new UsageError(
      `what stands after ${command.name} is ${counted(words.length, 'word')}; allowed is clarity-flags ${command.name} ${command.words}`,
    );
  }
  const general = new Set(['json', 'timeout']);
  for (const option of Object.keys(values)) {
    if (!general.has(option) && !command.options.some((allowed) => allowed === option)) {
      throw new UsageError(`--${option} is not an option of ${command.name}; see clarity-flags --help`);
    }
  }
  return {
    kind: 'run',
    line: {
      command: command.name,
      words,
      json: values.json,
      expect: readExpected(values.expect),
      context: values.context,
      user: values.user,
      explain: values.explain ?? false,
      yes: values.yes ?? false,
      timeoutMs: readTimeout(values.timeout),
    },
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // The first sentence of it, which is about what was found.
    const [found = ''] = (error instanceof Error ? error.message : String(error)).split(/\.\s/);
    throw new UsageError(`${found}; see clarity-flags --help`);
  }
}

function readTimeout(text: string | undefined): number {
  const seconds = text === undefined ? 10 : Number(text);
  if (seconds >= 0.001 && seconds <= 3_600) return seconds * 1000;
  throw new UsageError(`--timeout is ${JSON.stringify(text)}; allowed is a number of seconds from 0.001 to 3600`);
}

/** An empty one is most likely a variable of a script that is not set. */
function readExpected(text: string | undefined): string | undefined {
  if (text === undefined || /^(absent|\d+\.\d+|[0-9a-f]{12}|[0-9a-f]{64})$/.test(text)) return text;
  throw new UsageError(
    `--expect is ${JSON.stringify(text)}; allowed is a revision as clarity-flags show tells it, such as 1763812800000.17 or 01a0e7a59f7f, or absent`,
  );
}

export const HELP = `clarity-flags: flag documents and the stores that hold them

${COMMANDS.map(({ name, words, summary }) => `  clarity-flags ${`${name} ${words}`.padEnd(26)} ${summary}`).join('\n')}

A store is a path or an address: flags.json, file:…, https://…, redis://…, rediss://…, ssm:/…, upstash://…

  --expect <revision>   publish: what the store must hold ("absent": nothing). Default: what it holds now
  --context <json>      eval: the evaluation context; --user <key> is short for {"targetingKey":"<key>"}
  --explain             eval: every rule that was tried, and why
  --yes                 restore: do it without being asked
  --json                print JSON; the default when the output is not a terminal
  --timeout <seconds>   give up after this long (default 10)

Exit codes: 0 fine, 1 something is wrong with what was found, 2 the command line, 3 the store, 4 a conflict, 130 interrupted.`;
