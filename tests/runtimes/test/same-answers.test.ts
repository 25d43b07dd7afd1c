import { Miniflare } from 'miniflare';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../support/bundle.ts';
import { runtimes } from '../support/runtimes.ts';

type Answers = Readonly<Record<string, readonly (number | string)[]>>;

describe('every runtime gives every user the same flags', () => {
  let expected: Answers;

  beforeAll(async () => {
    const { answers } = (await import(new URL('../src/answers.mjs', import.meta.url).href)) as {
      answers: () => Answers;
    };
    expected = answers();
  });

  it('and they are the ones that the document asks for', () => {
    expect(expected).toMatchObject({ on: { length: 400 }, off: [], beta: [13], unknown: [] });
    expect(expected['quarter']?.length).toBeGreaterThan(60);
    expect(expected['quarter']?.length).toBeLessThan(140);
  });

  it('and says what each flag does in the same words', () => {
    expect(expected['words']).toEqual([
      'on for everybody',
      'off for everybody',
      'on for 1 tester; off else',
      '25 % of users',
      'on for Switzerland and Austria; else ramps to 100 % by 8 Dec, now 50 %',
    ]);
  });

  it.each(runtimes)('$name', async ({ run }) => {
    const { code, stdout, stderr } = await run('src/print-answers.mjs');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(expected);
    expect(code).toBe(0);
  });

  it('workerd', async () => {
    const worker = new Miniflare({
      modules: true,
      script: await bundle('src/answers-worker.mjs'),
      compatibilityDate: '2026-07-01',
    });
    try {
      expect(await (await worker.dispatchFetch('http://localhost/')).json()).toEqual(expected);
    } finally {
      await worker.dispose();
    }
  });
});
