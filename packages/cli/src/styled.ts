import { styleText } from 'node:util';
import { printable, printableLine } from '@clarity/flags-core/adapter-kit';
import type { Line } from './outcome.ts';

const STYLES = { good: 'green', bad: 'red', doubtful: 'yellow', quiet: 'dim' } as const;

/** A line as a stream takes it: with colours on a terminal, and nothing that a terminal would obey. */
export function styled({ text, tone, isBlock = false }: Line, stream: NodeJS.WriteStream): string {
  const shown = isBlock ? printable(text) : printableLine(text);
  return tone === undefined || !stream.isTTY ? shown : styleText(STYLES[tone], shown, { stream });
}
