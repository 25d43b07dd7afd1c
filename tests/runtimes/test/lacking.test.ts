// A runtime that lacks what something needs: the error says what is missing and what to use instead, on the runtime
// where that happens.
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as file from '@clarity/flags-file';
import * as upstash from '@clarity/flags-upstash';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../support/bundle.ts';
import { runtimes } from '../support/runtimes.ts';

const useTheEdge = expect.stringMatching(/Use .*createEdgeFlagClient of @clarity\/flags-core\/edge/);

it.each([{ compatibilityFlags: [] }, { compatibilityFlags: ['nodejs_compat'] }])(
  'workerd $compatibilityFlags: no timers at module scope, no files, no threads, no connection that stays',
  async ({ compatibilityFlags }) => {
    const script = await bundle('src/lacking-worker.mjs');
    const worker = new Miniflare({ modules: true, script, compatibilityDate: '2026-07-01', compatibilityFlags });
    try {
      const told = (await (await worker.dispatchFetch('http://worker/')).json()) as Record<string, unknown>;
      expect(told).toEqual({
        atModuleScope: useTheEdge,
        inRequest: 'object',
        threads: expect.stringMatching(/^TypeError: port is missing; allowed is .*use createFlagClient/),
        fileStore: useTheEdge,
        upstashStore: useTheEdge,
        upstashFeed: useTheEdge,
        upstashSource: 'object',
        // Every name can be imported, also from the module that stands for the package.
        names: { file: Object.keys(file).toSorted(), upstash: Object.keys(upstash).toSorted() },
      });
      expect(told['atModuleScope']).toMatch(/createFlagClient needs timers/);
      expect(told['fileStore']).toMatch(/fileStore needs a file system/);
      expect(told['upstashStore']).toMatch(/upstashStore needs a connection/);
    } finally {
      await worker.dispose();
    }
  },
);

describe('an application without the adapters', () => {
  let folder: string;

  /** The preset with what it cannot do without; and the Redis adapter without ioredis. */
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'clarity-without-adapters-')));
    const { resolve } = createRequire(import.meta.url);
    for (const name of ['core', 'file', 'node', 'redis']) {
      const from = dirname(resolve(`@clarity/flags-${name}/package.json`));
      for (const part of ['dist', 'package.json'])
        cpSync(join(from, part), join(folder, `node_modules/@clarity/flags-${name}`, part), { recursive: true });
    }
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(
      join(folder, 'main.mjs'),
      `import { connect } from '@clarity/flags-node';
const addresses = ${JSON.stringify(addresses)};
const tell = (error) => ({ name: error.name, message: error.message });
console.log(JSON.stringify(await Promise.all(addresses.map((address) => connect(address).then(() => 'connected', tell)))));
`,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const addresses = [
    'file:flags.json',
    'https://u:hunter2@host/flags.json',
    'redis://u:hunter2@host',
    'postgres://u:hunter2@host/db',
    'ssm:/flags',
    'upstash://:hunter2@host',
    'mongodb://u:hunter2@host',
    'upstash://:hunter2%zz@host',
  ];
  const missing = (message: string) => ({ name: 'MissingAdapterError', message });
  const refused = (message: RegExp) => ({
    name: 'StoreAddressError',
    message: expect.stringMatching(message) as string,
  });

  it.each(runtimes)('is told in $name what to install, and of an address what is wrong with it', async ({ run }) => {
    const { code, stdout, stderr } = await run(join(folder, 'main.mjs'));
    expect(stdout, stderr).not.toBe('');
    expect(JSON.parse(stdout)).toEqual([
      'connected',
      missing('an https: address needs @clarity/flags-fetch: npm install @clarity/flags-fetch'),
      missing('a redis: address needs @clarity/flags-redis and ioredis: npm install @clarity/flags-redis ioredis'),
      missing('a postgres: address needs @clarity/flags-postgres and pg: npm install @clarity/flags-postgres pg'),
      missing(
        'an ssm: address needs @clarity/flags-ssm and @aws-sdk/client-ssm: npm install @clarity/flags-ssm @aws-sdk/client-ssm',
      ),
      missing(
        'an upstash: address needs @clarity/flags-upstash and @upstash/redis: npm install @clarity/flags-upstash @upstash/redis',
      ),
      refused(/^the store address is one of the scheme "mongodb:"; allowed is file:flags\.json or a path, https:/),
      refused(
        /^the store address is one with a percent sign in the token of upstash:\/\/host that begins no UTF-8 character/,
      ),
    ]);
    expect(stdout).not.toContain('hunter2');
    expect(code).toBe(0);
  });

  it('is bundled by esbuild all the same, and told by its bundle', async () => {
    await rename(join(folder, 'node_modules/@clarity/flags-redis'), join(folder, 'flags-redis'));
    const outfile = join(folder, 'bundled.mjs');
    const options = { bundle: true, format: 'esm', platform: 'node', logLevel: 'silent', tsconfigRaw: {} } as const;
    await build({ ...options, entryPoints: [join(folder, 'main.mjs')], outfile });
    const { stdout, stderr } = await runtimes[0]!.run(outfile);
    expect(stdout, stderr).toContain('npm install @clarity/flags-redis ioredis');
  });
});
