import { UsageError } from './outcome.ts';
import type { Call } from './verb.ts';

/**
 * Asks on the terminal whether somebody means it; no is the default. What is asked goes to standard error, so that
 * standard output can go to a file. Verbs that ask have an option --yes.
 *
 * @throws UsageError without a yes, and where nobody can be asked
 */
export async function confirm({ around }: Call, verb: string, question: string): Promise<void> {
  const { stdin, stderr, interrupted } = around;
  if (!stdin.isTTY || !stderr.isTTY)
    throw new UsageError(`${verb} has nobody to ask; say --yes to ${verb} without being asked`);
  const { confirm: ask } = await import('@clack/prompts');
  // Ctrl-C and Escape answer with a symbol.
  const answer = await ask({
    message: question,
    initialValue: false,
    input: stdin,
    output: stderr,
    signal: interrupted,
  });
  if (answer !== true) throw new UsageError(`${verb}: not confirmed, nothing was written`);
}
