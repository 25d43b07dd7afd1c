import { printable, printableLine, redact } from '@clarity/flags-core/adapter-kit';
import { readCommandLine } from './command-line.ts';
import { failureOf } from './failure.ts';
import { EXIT, type ExitCode, type Line } from './outcome.ts';
import { styled } from './styled.ts';
import type { Surroundings } from './surroundings.ts';
import type { Format, Verb } from './verb.ts';

/** Runs one command and gives its exit code. Never throws. */
export async function run(around: Surroundings): Promise<ExitCode> {
  const { stdout, stderr, interrupted, variables } = around;
  let verb: Verb | undefined;
  const complain = (message: string): void => {
    stderr.write(`clarity-flags: ${printableLine(redact(message).replaceAll('\n', ' '))}\n`);
  };
  let say: ((value: unknown, lines: readonly Line[]) => void) | undefined;
  try {
    const request = readCommandLine(around.args, variables, around.version);
    if (request.kind === 'text') {
      stdout.write(`${request.text}\n`);
      return EXIT.ok;
    }
    const { words, options, timeoutMs } = request;
    verb = request.verb;
    const format = request.format ?? defaultFormat(around);
    const tellAll = (value: unknown, lines: readonly Line[]): void => {
      const texts = format === 'json' ? [printable(JSON.stringify(value))] : lines.map((told) => styled(told, stdout));
      for (const text of texts) stdout.write(`${text}\n`);
    };
    say = tellAll;
    const tell = (value: unknown, told: Line): void => tellAll(value, [told]);
    const outcome = await verb.perform({ words, options, timeoutMs, format, around, tell });
    // What it found while it was being stopped is not a finding.
    if (interrupted.aborted && verb.isEndless !== true && outcome.code !== EXIT.ok) throw interrupted.reason;
    if (outcome.raw === undefined) tellAll(outcome.value, outcome.lines);
    else stdout.write(stdout.isTTY ? `${printable(outcome.raw)}\n` : outcome.raw);
    for (const warning of outcome.warnings ?? []) complain(`warning: ${warning}`);
    return outcome.code;
  } catch (error) {
    const { code, message } = interrupted.aborted ? interruptionOf(verb) : failureOf(error);
    // What was found is the outcome, in the format that was asked for.
    if (code === EXIT.findings && say !== undefined) say(...findingOf(redact(message)));
    else complain(message);
    return code;
  }
}

function findingOf(message: string): [value: unknown, lines: readonly Line[]] {
  return [{ valid: false, kind: 'invalid', problems: [{ path: '$', message }] }, [{ text: message, tone: 'bad' }]];
}

/** Text for people: on a terminal, and in the logs of a pipeline, whose systems all set `CI`. */
function defaultFormat({ stdout, variables }: Surroundings): Format {
  const ci = variables['CI'] ?? '';
  return stdout.isTTY || (ci !== '' && ci !== 'false' && ci !== '0') ? 'text' : 'json';
}

function interruptionOf(verb: Verb | undefined): { readonly code: ExitCode; readonly message: string } {
  return {
    code: EXIT.interrupted,
    message: `interrupted${verb?.doubt === undefined ? '' : `; ${verb.doubt}`}`,
  };
}
