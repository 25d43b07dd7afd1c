// The first file, and what to add to a program.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { PROGRAMS, STORES } from '../src/commands/init-choices.ts';
import { codeFor } from '../src/commands/init-lines.ts';
import { cli, file, folder } from './cli-run.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A page whose code the tests of the documentation compile. */
const documented = readFileSync(join(root, 'packages/cli/README.md'), 'utf8');

describe('init', () => {
  it('writes a document that is valid, with a schema that editors find from there', async () => {
    const path = join(folder, 'config', 'flags.json');
    const { code, out } = await cli(['init', path, '--yes']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      written: path,
      install: expect.stringMatching(/@clarity\/flags-core @clarity\/flags-file$/),
      code: expect.stringContaining("isEnabled('new_checkout'"),
    });
    const document = JSON.parse(await readFile(path, 'utf8')) as { $schema: string };
    expect(resolve(dirname(path), document.$schema)).toBe(
      resolve('node_modules/@clarity/flags-core/schema/flags.schema.json'),
    );
    expect(JSON.parse((await cli(['validate', path])).out)).toMatchObject({ valid: true, flags: 1, warnings: [] });
  });

  it('leaves a file alone that is there already', async () => {
    const path = await file('mine.json', 'mine');
    const { code, err } = await cli(['init', path, '--yes']);
    expect(code).toBe(2);
    expect(err).toContain('is there already, and was left alone');
    expect(await readFile(path, 'utf8')).toBe('mine');
  });

  it('asks on a terminal, and goes by the answers', async () => {
    const path = join(folder, 'asked.json');
    // Down twice to Redis and Enter; then Enter for the first program.
    const { code, out, err } = await cli(['init', path], { terminal: true, answers: ['\u001B[B\u001B[B\r', '\r'] });
    expect(code).toBe(0);
    expect(err).toContain('Where are clients to read the flags?');
    expect(out).toContain('FEATURE_FLAG_STORE_URL=redis://localhost:6379');
    expect(out).toContain(`npx clarity-flags publish redis://localhost:6379 ${path}`);
    expect(out).toContain('@clarity/flags-redis ioredis');
  });

  it('writes nothing when it is called off, nor where nobody can be asked', async () => {
    const path = join(folder, 'asked.json');
    expect(await cli(['init', path], { terminal: true, answers: ['\u0003'] })).toMatchObject({ code: 2 });
    expect(await cli(['init', path])).toMatchObject({ code: 2, err: expect.stringContaining('say --yes') });
    await expect(readFile(path)).rejects.toThrow('ENOENT');
  });

  it('names the file to a shell as one word', async () => {
    const path = join(folder, "our shop's flags.json");
    const { out } = await cli(['init', path, '--yes', '--store', 'ssm', '--format', 'text']);
    const word = `'${path.replace("'", String.raw`'\''`)}'`;
    expect(out).toContain(`npx clarity-flags publish 'ssm:/shop/flags?region=eu-central-1' ${word}\n`);
    expect(out).toContain(`npx clarity-flags validate ${word}\n`);
  });

  it('refuses a store that is none', async () => {
    expect(await cli(['init', join(folder, 'x.json'), '--yes', '--store', 'mongodb'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--store is "mongodb"; allowed'),
    });
  });

  it.each(PROGRAMS.flatMap((program) => STORES.map((store) => [program, store] as const)))(
    'shows code for %s with %s that the documentation has, where it is compiled',
    (program, store) => {
      // The mode and the address are of the store.
      const plain = (text: string): string => text.replaceAll(/refreshMode: '\w+'|\?\? '[^']*'/g, '');
      const shown = plain(documented);
      const lines = plain(codeFor(store, program, 'flags.json')).split('\n');
      const asDocumented = (line: string): string =>
        store === 'file' && program === 'express'
          ? line
              .replace('source, feed,', 'source, ...(feed && { feed }),')
              .replace(/(const \{ source, feed \} = ).*/, '$1')
          : line;
      expect(lines.map(asDocumented).filter((line) => !shown.includes(line))).toEqual([]);
    },
  );
});
