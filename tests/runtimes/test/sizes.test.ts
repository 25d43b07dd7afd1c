import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

interface Size {
  readonly gzip: number;
  readonly brotli: number;
  readonly budget: number;
}

/** What `npm run size -- --json` prints. Its exit code is 1 while an entry is over its budget. */
function sizes(): Promise<{ readonly code: number; readonly entries: Readonly<Record<string, Size>> }> {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['bench/src/main.ts', 'size', '--json'], { cwd: root }, (error, stdout, stderr) => {
      if (stdout === '') reject(new Error(`nothing was measured: ${stderr}`));
      else resolve({ code: error === null ? 0 : 1, entries: JSON.parse(stdout) as Record<string, Size> });
    });
  });
}

it('every entry keeps its budget', async () => {
  const { code, entries } = await sizes();
  expect(Object.keys(entries).length).toBeGreaterThan(20);
  for (const [name, size] of Object.entries(entries))
    expect(size, name).toEqual({
      gzip: expect.any(Number) as number,
      brotli: expect.any(Number) as number,
      budget: expect.any(Number) as number,
    });
  const over = Object.entries(entries).filter(([, { gzip, budget }]) => gzip > budget);
  expect(over, 'grew: `npm run size` says what to do').toEqual([]);
  expect(code).toBe(0);
});
