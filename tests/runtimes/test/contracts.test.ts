// The built adapters against real files, a real Redis, a real Postgres and the stand-ins, on every runtime. What a
// check cannot see there (Bun names no open resources) shows in the end: a program that left something open would not
// end.
import { beforeAll, describe, expect, it } from 'vitest';
import { adapters, buildContractPrograms, contractProgram } from '../support/contract-programs.ts';
import { runtimes } from '../support/runtimes.ts';

beforeAll(buildContractPrograms);

// Mostly waiting, so several at a time.
describe.concurrent.each(runtimes)('in $name', ({ run }) => {
  it.each(adapters)('the %s adapter keeps its contracts, and the process ends by itself', async (adapter) => {
    const { code, stdout, stderr } = await run(contractProgram(adapter));
    if (code !== 0) throw new Error(`the program ended with ${code}: ${stderr}`);
    const results = JSON.parse(stdout) as Readonly<Record<string, string | null>>;
    const checks = Object.entries(results);
    expect(checks.map(([name]) => name)).toContainEqual(expect.stringMatching(/^source: close leaves nothing open/));
    expect(checks.filter(([, violation]) => violation !== null)).toEqual([]);
  });
});
