// In each worker: notes which marks this file of tests came by, for `reachedBy`.
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';

const folder = process.env['REACHED'];
if (folder !== undefined) {
  const reached = ((globalThis as { reachedMarks?: Set<number> }).reachedMarks ??= new Set());
  afterAll(() => {
    const test = expect.getState().testPath;
    writeFileSync(join(folder, randomUUID()), JSON.stringify({ test, ids: [...reached] }));
  });
}
