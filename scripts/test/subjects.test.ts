import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../check-subjects.mjs', import.meta.url));
const SHORT = 'x'.repeat(72);
const LONG = 'x'.repeat(73);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clarity-subjects-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function git(cwd: string, ...args: readonly string[]): void {
  const who = ['-c', 'user.name=T', '-c', 'user.email=t@example.invalid', '-c', 'init.defaultBranch=main'];
  execFileSync('git', [...who, ...args], { cwd, stdio: 'pipe' });
}

function repository(...subjects: readonly string[]): string {
  const cwd = join(folder, 'repository');
  git(folder, 'init', '-q', cwd);
  for (const subject of subjects) git(cwd, 'commit', '-q', '--allow-empty', '-m', subject);
  return cwd;
}

function check(cwd: string): { readonly status: number | null; readonly stdout: string } {
  const { GITHUB_BASE_REF: _, ...env } = process.env;
  return spawnSync(process.execPath, [script], { cwd, env, encoding: 'utf8' });
}

describe('the subjects of commits', () => {
  it('may be 72 characters long, and not 73', () => {
    const cwd = repository('first', SHORT);
    expect(check(cwd)).toMatchObject({ status: 0, stdout: expect.stringContaining('short enough') });
    git(cwd, 'commit', '-q', '--allow-empty', '-m', LONG);
    expect(check(cwd)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('73 characters long; allowed is 72'),
    });
  });

  it('are looked at where the main branch does not have them, also those that it has itself', () => {
    const cwd = repository(LONG, 'second');
    git(cwd, 'checkout', '-q', '-b', 'work');
    for (const subject of [LONG, 'last']) git(cwd, 'commit', '-q', '--allow-empty', '-m', subject);
    expect(check(cwd).stdout.match(/characters long/g)).toHaveLength(1);
    git(cwd, 'checkout', '-q', 'main');
    expect(check(cwd).status).toBe(0);
  });

  it('are those of people: a merge is named by a machine', () => {
    const cwd = repository('first');
    git(cwd, 'checkout', '-q', '-b', 'work');
    git(cwd, 'commit', '-q', '--allow-empty', '-m', 'on a branch');
    git(cwd, 'checkout', '-q', 'main');
    git(cwd, 'merge', '-q', '--no-ff', 'work', '-m', `Merge ${LONG}`);
    expect(check(cwd).status).toBe(0);
  });

  it('are looked at in a clone that is cut short, and missed by nobody where there is no history', () => {
    const cwd = repository('first', 'second', LONG);
    git(folder, 'clone', '-q', '--depth', '1', `file://${cwd}`, 'cut');
    expect(check(join(folder, 'cut')).status).toBe(1);
    expect(check(folder)).toMatchObject({ status: 0, stdout: expect.stringContaining('No history') });
  });
});
