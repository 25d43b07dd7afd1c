import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { counted } from './counted.ts';
import { nearest } from './nearest.ts';
import { UsageError } from './outcome.ts';
import type { Format, Verb } from './verb.ts';
import { VERBS } from './verbs.ts';

/** What the command line asks for. */
export type Request =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'run';
      readonly verb: Verb;
      readonly words: readonly string[];
      readonly options: object;
      /** Undefined where it follows from what the output is. */
      readonly format: Format | undefined;
      readonly timeoutMs: number;
    };

interface General {
  readonly format?: Format;
  readonly json?: boolean;
  readonly timeout?: number;
}

/** Names the store where the command line does not. Clients of `@clarity/flags-node` read it, too. */
const STORE_VARIABLE = 'FEATURE_FLAG_STORE_URL';

const AFTER_HELP = `
A store is a path or an address: flags.json, file:…, https://…, redis://…, rediss://…, postgres://…, ssm:/…, upstash://…
Without one, ${STORE_VARIABLE} names it.

Exit codes: 0 fine, 1 something is wrong with what was found, 2 the command line, 3 the store, 4 a conflict, 130 interrupted.`;

/**
 * Reads the command line. `variables` may name the store.
 *
 * @throws UsageError with what is allowed
 */
export function readCommandLine(
  args: readonly string[],
  variables: Readonly<Record<string, string | undefined>> = {},
  version = '',
): Request {
  let request: Request | undefined;
  let told = '';
  const perform = (verb: Verb, command: Command): void => {
    const { format, json, timeout = 10_000, ...options } = command.optsWithGlobals<General>();
    request = {
      kind: 'run',
      verb,
      words: wordsOf(verb, command.args, variables),
      options,
      format: json === true ? 'json' : format,
      timeoutMs: timeout,
    };
  };
  const program = programOf(version, perform, (text) => (told += text));
  try {
    if (args.length === 0) program.outputHelp();
    else program.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0 && error.code !== 'commander.help') throw usageErrorOf(error, args);
    if (error.exitCode !== 0) {
      // Help for something that is not there, or options without a command, which ask for nothing.
      const asked = program.args.find((word) => word !== 'help');
      if (asked !== undefined) throw unknownCommand(asked);
      program.outputHelp();
    }
  }
  return request ?? { kind: 'text', text: told.trimEnd() };
}

function programOf(
  version: string,
  perform: (verb: Verb, command: Command) => void,
  tell: (text: string) => void,
): Command {
  // Commands inherit what is set before they are made.
  const program = new Command('clarity-flags')
    .description('Flag documents and the stores that hold them.')
    .version(version, '-v, --version', 'the version of this program')
    .helpOption('-h, --help', 'this help')
    .helpCommand('help [command]', 'the help of a command')
    .configureHelp({ helpWidth: 110, subcommandTerm: (command) => `${command.name()} ${command.usage()}` })
    .configureOutput({ writeOut: tell, writeErr: () => {} })
    .exitOverride()
    .addHelpText('after', AFTER_HELP);
  addGeneral(program);
  for (const verb of VERBS) {
    const command = program
      .command(verb.name)
      .summary(verb.summary)
      .description(`${capital(verb.summary)}.${verb.about === undefined ? '' : `\n${verb.about}`}`)
      .usage(verb.words)
      .argument('[words...]')
      .addHelpText('after', `\nExamples:\n${verb.examples.map((one) => `  ${one}`).join('\n')}`)
      .action(() => perform(verb, command));
    for (const option of verb.options ?? []) command.addOption(option);
    addGeneral(command);
  }
  return program;
}

/** Before the command and after it they mean the same. */
function addGeneral(command: Command): void {
  command
    .addOption(
      new Option('--format <format>', 'text or json; by default text on a terminal and in CI, else json').argParser(
        readFormat,
      ),
    )
    .addOption(new Option('--json', 'the same as --format json'))
    .addOption(
      new Option('--timeout <seconds>', 'give up after this long, from 0.001 to 3600 (default 10)').argParser(
        readTimeout,
      ),
    );
}

function readFormat(text: string): Format {
  if (text === 'text' || text === 'json') return text;
  throw new InvalidArgumentError('text or json');
}

/** In milliseconds. */
function readTimeout(text: string): number {
  const seconds = text.trim() === '' ? NaN : Number(text);
  if (seconds >= 0.001 && seconds <= 3_600) return seconds * 1000;
  throw new InvalidArgumentError('a number of seconds from 0.001 to 3600');
}

/** The words after a verb, with the store of the variable where it was left out. */
function wordsOf(
  { name, words }: Verb,
  given: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const takes = words.split(' ').filter((word) => word !== '');
  const least = takes.filter((word) => word.startsWith('<')).length;
  const most = words.includes('...') ? Infinity : takes.length;
  const isShort = given.length < Math.min(most, takes.length);
  const mayName = takes[0]?.startsWith('[store') === true;
  const store = variables[STORE_VARIABLE] ?? '';
  if (mayName && isShort && given.length === least && store !== '') return [store, ...given];
  if (given.length <= most && !(isShort && (mayName || given.length < least))) return given;
  const withoutStore = mayName && given.length === least ? `, or ${STORE_VARIABLE} with the store` : '';
  throw new UsageError(
    `what stands after ${name} is ${counted(given.length, 'word')}; allowed is clarity-flags ${name} ${words}${withoutStore}`,
  );
}

/** What commander says, in our words: what was found, what is allowed, and what to type instead. */
function usageErrorOf({ code, message }: CommanderError, args: readonly string[]): UsageError {
  // The first word that is a verb: what stands behind it may be called like another one.
  const verb = args.find((word) => VERBS.some(({ name }) => name === word));
  const help = `see clarity-flags ${verb === undefined ? '' : `${verb} `}--help`;
  const named = /'([^']*)'/.exec(message)?.[1] ?? '';
  switch (code) {
    case 'commander.unknownCommand':
      return unknownCommand(named);
    case 'commander.unknownOption': {
      const meant = /Did you mean (?:one of )?([^?]+)\?/.exec(message)?.[1];
      const of = verb === undefined ? 'an option' : `an option of ${verb}`;
      return new UsageError(`${named} is not ${of}; ${meant === undefined ? '' : `did you mean ${meant}? `}${help}`);
    }
    case 'commander.optionMissingArgument':
      return new UsageError(`${named} stands without its value; ${help}`);
    case 'commander.invalidArgument': {
      // option '--timeout <seconds>' argument '0' is invalid. <what is allowed>
      const [, option = '', value = '', allowed = ''] =
        /^error: option '(?:-\w, )?(--\w+)[^']*' argument '([^]*)' is invalid\. ([^]*)$/.exec(message) ?? [];
      return new UsageError(`${option} is ${JSON.stringify(value)}; allowed is ${allowedWords(allowed, value)}`);
    }
    default:
      return new UsageError(`${message.replace(/^error: /, '')}; ${help}`);
  }
}

/** What an option takes, by its own check or by commander's of its choices. */
function allowedWords(allowed: string, found: string): string {
  const choices = /^Allowed choices are ([^]*)\.$/.exec(allowed)?.[1];
  if (choices === undefined) return allowed;
  const meant = nearest(found, choices.split(', '));
  return `one of ${choices}${meant === undefined ? '' : `; did you mean ${meant}?`}`;
}

function unknownCommand(found: string): UsageError {
  const names = VERBS.map(({ name }) => name);
  const meant = nearest(found, [...names, 'help']);
  const guess = meant === undefined ? '' : `; did you mean ${meant}?`;
  return new UsageError(`the command is ${JSON.stringify(found)}; allowed is one of ${names.join(', ')}${guess}`);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
