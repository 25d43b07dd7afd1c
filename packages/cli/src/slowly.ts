import { printableLine } from '@clarity/flags-core/adapter-kit';
import type { Call } from './verb.ts';

const PATIENCE_MS = 1_000;

/**
 * Says on standard error what is waited for once it takes longer than a second: on a terminal how long already, in a
 * line that goes away; elsewhere once, and in JSON not at all. The answer ends it.
 */
export function slowly({ around: { stderr }, format, timeoutMs }: Call, what: string): () => void {
  if (!stderr.isTTY && format === 'json') return () => {};
  let seconds = 0;
  const timer = setInterval(() => {
    seconds++;
    const told = `clarity-flags: waiting for ${printableLine(what)}, for at most ${timeoutMs / 1_000} s`;
    if (stderr.isTTY) stderr.write(`\r${told}: ${seconds} s`);
    else if (seconds === 1) stderr.write(`${told}\n`);
  }, PATIENCE_MS);
  return () => {
    clearInterval(timer);
    // Takes the line away.
    if (seconds > 0 && stderr.isTTY) stderr.write('\r\u001b[K');
  };
}
