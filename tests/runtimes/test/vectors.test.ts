import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Miniflare } from 'miniflare';
import { expect, it } from 'vitest';
import { bundle } from '../support/bundle.ts';
import { runtimes } from '../support/runtimes.ts';

interface Verdict {
  readonly tried: number;
  readonly failures: readonly string[];
}

const { resolve } = createRequire(import.meta.url);
const read = (name: string): string => readFileSync(resolve(`@clarity/flags-core/vectors/${name}.json`), 'utf8');

it.each(runtimes)('the published vectors hold for the built packages in $name', async ({ run }) => {
  const { code, stdout, stderr } = await run('src/print-vector-failures.mjs');
  expect(stderr).toBe('');
  const { tried, failures } = JSON.parse(stdout) as Verdict;
  expect(failures).toEqual([]);
  expect(tried).toBeGreaterThan(300);
  expect(code).toBe(0);
});

it('the published vectors hold for the built packages in workerd', async () => {
  const worker = new Miniflare({
    modules: true,
    script: await bundle('src/vectors-worker.mjs'),
    compatibilityDate: '2026-07-01',
  });
  try {
    const texts = { murmur3: read('murmur3'), evaluation: read('evaluation'), documents: read('documents') };
    const response = await worker.dispatchFetch('http://localhost/', { method: 'POST', body: JSON.stringify(texts) });
    const { tried, failures } = (await response.json()) as Verdict;
    expect(failures).toEqual([]);
    expect(tried).toBeGreaterThan(300);
  } finally {
    await worker.dispose();
  }
});
