import { UsageError } from './outcome.ts';
import type { Call } from './verb.ts';

/**
 * Lets somebody choose on the terminal; the first is the default. What is asked goes to standard error, so that
 * standard output can go to a file.
 *
 * @throws UsageError, with `nobody` where nobody can be asked, and when the question was called off
 */
export async function select<Choice extends string>(
  { around: { stdin, stderr, interrupted } }: Call,
  nobody: string,
  question: string,
  choices: readonly Choice[],
  labelOf: (choice: Choice) => string,
): Promise<Choice> {
  if (!stdin.isTTY || !stderr.isTTY) throw new UsageError(nobody);
  const { select: ask } = await import('@clack/prompts');
  const answer = await ask<string>({
    message: question,
    options: choices.map((value) => ({ value, label: labelOf(value) })),
    input: stdin,
    output: stderr,
    signal: interrupted,
  });
  // Ctrl-C and Escape answer with a symbol.
  const chosen = choices.find((choice) => choice === answer);
  if (chosen === undefined) throw new UsageError('called off, nothing was written');
  return chosen;
}
