import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const emptyFolder = mkdtempSync(join(tmpdir(), 'clarity-no-programs-'));
afterAll(() => rmSync(emptyFolder, { recursive: true }));

it('who may not install what the tests need is told what to install, and where a path can be named instead', () => {
  const program = `import { provideSystemPrograms } from './scripts/dev/system-programs.mjs';
    await provideSystemPrograms().catch((error) => console.log(error.constructor.name, error.message));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
    env: {
      PATH: emptyFolder,
      REDIS_SERVER: '/nowhere',
      POSTGRES_PROGRAMS: '/nowhere',
      PGBOUNCER: '/nowhere',
      PROMETHEUS: '/nowhere',
      PROMTOOL: '/nowhere',
      NGINX: '/nowhere',
      HAPROXY: '/nowhere',
    },
  });
  expect(stdout).toMatch(
    /^TaskFailed The tests need redis-server, Postgres, PgBouncer(?:, Chromium)?, Prometheus, nginx and HAProxy\. /,
  );
  expect(stdout).toMatch(
    /`apt-get install redis-server postgresql pgbouncer(?: chromium)? prometheus nginx-light haproxy` as root/,
  );
  expect(stdout).toMatch(
    /set REDIS_SERVER, POSTGRES_PROGRAMS, PGBOUNCER(?:, CHROMIUM)?, PROMETHEUS, PROMTOOL, NGINX and HAPROXY to its path/,
  );
});

it('the Node that the tools run on needs no library that a bare Debian lacks', () => {
  const { sharedObjects } = process.report.getReport() as { sharedObjects: string[] };
  expect(sharedObjects.length).toBeGreaterThan(0);
  expect(sharedObjects.filter((path) => path.includes('libatomic'))).toEqual([]);
});
