// Which flags clients of older versions cannot read: told by validate, diff and publish, and never in the way.
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { cli, DOCUMENT, file, store } from './cli-run.ts';

const split = (more: object = {}): object => ({
  type: 'boolean',
  fallthrough: { kind: 'split', variants: [{ variant: 'on', ranges: [[0, 5000]] }], otherwise: 'off', ...more },
});
const experiment = split({ experiment: { id: 'one-page', phase: 1 } });
const next = (flags: object): Promise<string> => file('next.json', { ...DOCUMENT, flags });
const ONE =
  '1 flag needs clients of 0.1.0 or later (pages: ranges, an experiment): an older one sets it aside and serves the fallback, so upgrade clients first\n';

describe('validate', () => {
  it('says which flags older clients set aside, and that the document is valid', async () => {
    const path = await next({ ...DOCUMENT.flags, pages: experiment });
    const { code, out } = await cli(['validate', path], { terminal: true });
    expect(code).toBe(0);
    expect(out).toContain(ONE);
    expect(out).toContain('next.json is valid: 3 flags, 0 segments');
    expect(JSON.parse((await cli(['validate', path])).out)).toMatchObject({
      valid: true,
      warnings: [],
      needs: [{ flagKey: 'pages', version: '0.1.0', words: ['ranges', 'an experiment'] }],
    });
  });

  it('names three of them, and counts the others', async () => {
    const flags = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((key) => [key, split()]));
    expect((await cli(['validate', await next(flags)], { terminal: true })).out).toContain(
      '5 flags need clients of 0.1.0 or later (a: ranges; b: ranges; c: ranges; 2 others): an older one sets them aside',
    );
  });

  it('says nothing of words that all clients know, nor of a document that is refused', async () => {
    expect((await cli(['validate', store], { terminal: true })).out).not.toContain('clients of');
    expect(JSON.parse((await cli(['validate', store])).out)).toMatchObject({ needs: [] });
    const bad = await next({ pages: experiment, bad: { status: 5 } });
    expect(JSON.parse((await cli(['validate', bad])).out)).toMatchObject({ valid: false, needs: [] });
  });
});

describe('publish', () => {
  it('says it of flags that need more than what the store holds, asks nobody, and writes', async () => {
    const path = await next({ ...DOCUMENT.flags, pages: experiment });
    expect((await cli(['publish', store, path, '--format', 'text', '--dry-run'])).out).toContain(ONE);
    const { code, out, err } = await cli(['publish', store, path, '--format', 'text']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(ONE);
    const more = await next({ ...DOCUMENT.flags, pages: experiment, later: split() });
    const again = JSON.parse((await cli(['publish', store, more])).out) as object;
    expect(again).toMatchObject({ needs: [{ flagKey: 'later', words: ['ranges'] }], warnings: [] });
  });

  it('says it of all where what the store holds cannot be read', async () => {
    await writeFile(store, 'no JSON');
    const path = await next({ pages: experiment });
    expect((await cli(['publish', store, path, '--format', 'text', '--dry-run'])).out).toContain(
      `what the store holds cannot be read, and is not compared\n${ONE}`,
    );
  });
});

it('diff says which flags need later clients than before', async () => {
  const path = await next({ ...DOCUMENT.flags, pages: experiment });
  expect((await cli(['diff', store, path, '--format', 'text'])).out).toContain(ONE);
  expect(JSON.parse((await cli(['diff', path, store])).out)).toMatchObject({ needs: [] });
});
