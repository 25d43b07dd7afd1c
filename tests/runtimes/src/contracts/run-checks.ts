// Runs contract checks without a test framework, prints what became of each, and leaves the process to end by itself.
import process from 'node:process';
import type { ContractCheck, Deviations } from '@clarity/flags-testing/checks';

/** What Deno shows of connections that its `fetch` keeps for the next request, and that hold no process. */
export const keptByDeno: Deviations =
  process.versions['deno'] === undefined
    ? {}
    : { 'close leaves nothing open': 'Deno names the side of the server, which runs in the same process here' };

/** Runs the checks one after another; prints as JSON their names, each with what was violated or null. */
export async function runChecks(suites: Readonly<Record<string, readonly ContractCheck[]>>): Promise<void> {
  const results: Record<string, string | null> = {};
  for (const [suite, checks] of Object.entries(suites)) {
    for (const { name, run } of checks) {
      const failure = await run().then(
        () => null,
        (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : 'no error was thrown'),
      );
      results[`${suite}: ${name}`] = failure;
    }
  }
  process.stdout.write(JSON.stringify(results));
}
