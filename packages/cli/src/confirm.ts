import { createInterface } from 'node:readline/promises';
import { UsageError } from './outcome.ts';

export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stderr: NodeJS.WriteStream;
}

/** A restore steps over what others published: somebody has to mean it. @throws UsageError without a yes */
export async function confirm(name: string, { stdin, stderr }: Terminal, interrupted: AbortSignal): Promise<void> {
  // Asked on stderr, so that stdout can go to a file.
  if (!stdin.isTTY || !stderr.isTTY)
    throw new UsageError('restore has nobody to ask; say --yes to restore without being asked');
  const prompt = createInterface({ input: stdin, output: stderr });
  try {
    // Ctrl-C and Ctrl-D reject the question.
    const answer = await prompt
      .question(`Restore ${name}, and replace what it holds? (yes/no) `, { signal: interrupted })
      .catch(() => '');
    if (answer.trim().toLowerCase() !== 'yes') throw new UsageError('restore: not confirmed, nothing was written');
  } finally {
    prompt.close();
  }
}
