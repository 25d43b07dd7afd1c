import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { drill, drills } from '../dev/drills.mjs';
import { runSeed, sized, testSize } from '../drawn-tests.ts';
import { filesUnder } from '../files.mjs';

const root = new URL('../..', import.meta.url).pathname;

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the seed of a run', () => {
  it('is the same each time at small size, and new at full size', () => {
    vi.stubEnv('SEED', undefined);
    expect(runSeed('small')).toBe(runSeed('small'));
    expect(new Set(Array.from({ length: 20 }, () => runSeed('full'))).size).toBeGreaterThan(15);
  });

  it('is SEED, where that is given', () => {
    vi.stubEnv('SEED', '42');
    expect([runSeed('small'), runSeed('full')]).toEqual([42, 42]);
  });

  it.each([' ', 'x', '-1', '1.5', '1e999'])('is not guessed from SEED=%j', (text) => {
    vi.stubEnv('SEED', text);
    expect(() => runSeed()).toThrow(`SEED is ${JSON.stringify(text)}; allowed is a whole number from 0`);
  });

  it('reaches the workers of vitest, which is how all files of a run have one', () => {
    expect(process.env['SEED']).toMatch(/^\d+$/);
  });
});

describe('the size of a run', () => {
  it('decides between two numbers', () => {
    expect(sized(1, 2)).toBe(testSize === 'small' ? 1 : 2);
  });

  it('is small or full, and nothing else', () => {
    const answer = (size: string): string =>
      execFileSync(
        process.execPath,
        ['-e', "import('./scripts/drawn-tests.ts').then((m) => console.log(m.testSize))"],
        {
          cwd: root,
          env: { ...process.env, TEST_SIZE: size },
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      ).trim();
    expect([answer('small'), answer('full')]).toEqual(['small', 'full']);
    expect(() => answer('huge')).toThrow('TEST_SIZE is "huge"; allowed is small or full');
  });
});

it('no test draws from anything but the seed of the run', () => {
  const chance = /Math\.random\(\)|(?:seed|random|state)\w* = [^;\n]*(?:Date\.now|performance\.now)\(\)/i;
  const drawing = ['packages', 'tests', 'scripts']
    .flatMap((folder) => filesUnder(root, folder))
    .filter((file) => /^packages\/[^/]+\/test\/|^tests\/|^scripts\/test\//.test(file) && /\.(ts|mjs)$/.test(file))
    .filter((file) => !file.endsWith('drawn-tests.test.ts'))
    .filter((file) => chance.test(readFileSync(`${root}/${file}`, 'utf8')));
  expect(drawing, 'take the seed from runSeed in scripts/drawn-tests.ts').toEqual([]);
});

describe('the drills', () => {
  it.each(Object.entries(drills))('%s runs a file that is there', (_, { commands }) => {
    const files = commands.flatMap((command) => command.filter((word) => /\.(ts|mjs)$/.test(word)));
    const imported = commands.filter((command) => command.includes('--import'));
    expect(files.length).toBe(commands.length + imported.length);
    expect(files.filter((file) => !existsSync(`${root}/${file}`))).toEqual([]);
  });

  it.each([[[]], [['no-such-drill']], [['toString']], [['fuzz', 'simulation']]])(
    'are listed with what each does when %j is asked for',
    async (args) => {
      for (const [name, { about }] of Object.entries(drills)) {
        await expect(drill(args)).rejects.toThrow(new RegExp(`${name} +${about}`));
      }
    },
  );
});
