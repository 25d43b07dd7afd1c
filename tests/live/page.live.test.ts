// The live page of the demo in a real browser: the demo as a process of its own, a file that is edited, the page that
// follows.
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFlagClient, type FlagClient, type Health } from '@clarity/flags-core';
import { StoreError } from '@clarity/flags-core/ports';
import { fileCache, fileSource } from '@clarity/flags-file';
import { createFlagHandler, type FlagHandlerOptions } from '@clarity/flags-http';
import { nodeListener } from '@clarity/flags-http/node';
import { manualFeed } from '@clarity/flags-testing';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { fact, flagValues, openPage, shows, violations } from './support/live-page.ts';
import { type Program, startProgram } from './support/program.ts';

const token = 'the-token-of-the-page-test';
const shipped = new URL('../../examples/express-server/flags.json', import.meta.url);

let browser: Browser;
let folder: string;
let file: string;
const programs: Program[] = [];

beforeAll(async () => {
  browser = await startBrowser();
}, 60_000);

afterAll(() => browser.close());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clarity-page-'));
  file = join(folder, 'flags.json');
  await writeFile(file, await readFile(shipped));
});

afterEach(async () => {
  for (const program of programs.splice(0)) await program.kill();
  await rm(folder, { recursive: true });
});

async function demo(variables: Readonly<Record<string, string>> = {}): Promise<string> {
  const program = startProgram('examples/express-server/main.ts', {
    PORT: '0',
    HOST: '127.0.0.1',
    FLAGS_FILE: file,
    FLAGS_TOKEN: token,
    ...variables,
  });
  programs.push(program);
  const [, address = ''] = await program.says(/runs at (http:\/\/\S+)/);
  return address;
}

function live(address: string): string {
  return `${address}/feature-flags/#token=${token}`;
}

async function edit(change: (flags: Record<string, Record<string, unknown>>) => void): Promise<void> {
  const document = JSON.parse(await readFile(shipped, 'utf8')) as { flags: Record<string, Record<string, unknown>> };
  change(document.flags);
  await writeFile(file, JSON.stringify(document));
}

// A busy machine takes its time with a browser.
describe('the live page', { timeout: 60_000 }, () => {
  it('shows health, breaker, revision and every flag, and asks nobody but its own server', async () => {
    const address = await demo();
    const { page, complaints, asked } = await openPage(browser, live(address));
    await shows(page, '#connection', 'Connected');
    await shows(page, '#state', 'fresh');
    expect(await fact(page, 'Circuit breaker')).toBe('closed');
    expect(await fact(page, 'Revision')).toMatch(/^[\da-f]{12}$/);
    expect(await fact(page, 'Verified')).toMatch(/^\d+ s ago, at \d/);
    expect(await fact(page, 'Refresh mode')).toBe('both');
    expect(await fact(page, 'Change feed')).toBe('up');
    const { bound } = (await (await fetch(`${address}/feature-flags/health`)).json()) as Health;
    expect(await fact(page, 'A change arrives')).toBe(`within ${bound.healthy_seconds} s`);
    expect(await page.locator('#alerts').innerText()).toBe('None.');
    expect(await flagValues(page)).toEqual({
      enhanced_security: 'on',
      graceful_degradation: 'on',
      mania_risk_analysis: 'off',
      pat_model_v2: 'off',
      sleep_insights: 'fallback',
    });
    expect(await page.locator('#flags tr', { hasText: 'enhanced_security' }).innerText()).toContain('on for everybody');
    expect(complaints).toEqual([]);
    expect(asked.length).toBeGreaterThanOrEqual(2);
    expect(asked.filter((url) => !url.startsWith(`${address}/feature-flags/`))).toEqual([]);
    // Neither in the address bar nor in what a reload or a bookmark would send.
    expect(page.url()).toBe(`${address}/feature-flags/`);
  });

  it('follows the file without being touched, and says what changed', async () => {
    const address = await demo();
    const { page } = await openPage(browser, live(address));
    await shows(page, '#state', 'fresh');
    const before = await fact(page, 'Revision');

    await edit((flags) => {
      Object.assign(flags['graceful_degradation'] ?? {}, { status: 'disabled' });
      delete flags['pat_model_v2'];
      flags['brand_new'] = { status: 'enabled' };
    });
    await shows(page, '#news', /brand_new, graceful_degradation, pat_model_v2 \(gone\)/);
    expect(await flagValues(page)).toMatchObject({ graceful_degradation: 'off', brand_new: 'on' });
    expect(await flagValues(page)).not.toHaveProperty('pat_model_v2');
    expect(await fact(page, 'Revision')).not.toBe(before);

    await page.getByLabel('Show only keys with').fill('BRAND');
    await expect.poll(() => page.locator('#flags tr:visible').allInnerTexts()).toHaveLength(1);
    await page.getByLabel('Show only keys with').fill('nothing like it');
    await shows(page, '#no-hit', 'No key has “nothing like it” in it.');
    expect(await page.locator('#table').isVisible()).toBe(false);
  });

  it('F15 shows a refused document, its place in the file, and the alert that follows from it', async () => {
    const address = await demo();
    const { page } = await openPage(browser, live(address));
    await shows(page, '#state', 'fresh');
    await edit((flags) => Object.assign(flags['mania_risk_analysis'] ?? {}, { rolloutPercentage: 250 }));
    await shows(page, '#facts', /rolloutPercentage: found 250/);
    await shows(page, '#alerts li', 'FeatureFlagDocumentRejected');
    expect(await flagValues(page)).toHaveProperty('graceful_degradation', 'on');
    await edit(() => undefined);
    await shows(page, '#alerts li', 'None.');
  });

  it('turns stale before the eyes of the reader, and refreshes by hand', async () => {
    // 1 s * 1.1 and two deadlines of 5 s: anything less is refused.
    const address = await demo({
      FEATURE_FLAG_REFRESH_MODE: 'periodic',
      FEATURE_FLAG_REFRESH_INTERVAL: '1',
      FEATURE_FLAG_STALE_THRESHOLD: '12',
    });
    const { page } = await openPage(browser, live(address));
    await shows(page, '#state', 'fresh');
    await rm(file);
    await page.locator('#state').filter({ hasText: 'stale' }).waitFor({ timeout: 25_000 });
    await shows(page, '#alerts li', 'FeatureFlagConfigStale');
    await expect.poll(() => page.title()).toBe('(stale) Feature flags');
    // Nothing on the page says that all is well.
    expect(await page.locator('body').innerText()).not.toMatch(/not stale|are well|arrives within|\bLive\b/);
    expect(await page.locator('.good:visible').filter({ hasNotText: /^on$/ }).count()).toBe(0);
    expect(await fact(page, 'A change arrives')).toMatch(/^once the store answers again, within \d/);

    await page.getByRole('button', { name: 'Refresh now' }).click();
    await shows(page, '#refreshed', /flags\.json/);
    await writeFile(file, await readFile(shipped));
    await page.getByRole('button', { name: 'Refresh now' }).click();
    await shows(page, '#refreshed', /^Done: (un)?changed\.$/);
    await shows(page, '#state', 'fresh');
  });

  /** The address of the page of a client in this process. */
  async function pageOf(
    client: FlagClient,
    options: Partial<FlagHandlerOptions> = { authorize: () => true },
  ): Promise<string> {
    const stream = { heartbeatMs: 100 };
    const handler = createFlagHandler({ client, page: true, stream, ...options });
    const server = createServer(nodeListener(handler)).listen(0, '127.0.0.1');
    onTestFinished(async () => {
      handler.closeStreams();
      server.close();
      server.closeAllConnections();
      await client.close();
    });
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/feature-flags/`;
  }

  it.each([
    ['a value', 'theme', 'one\u2028two\u2029three\u202E'],
    ['a key', 'a\u2028b\u0085c<i>', 'light'],
  ])('F96 shows flags with line separators in %s', async (_where, key, value) => {
    const flag = { type: 'string', variants: { only: value }, fallthrough: 'only' };
    await writeFile(file, JSON.stringify({ schemaVersion: 1, flags: { [key]: flag } }));
    const client = createFlagClient({ source: fileSource({ path: file }), variables: false });
    await client.ready();
    const { page, complaints } = await openPage(browser, await pageOf(client));
    await shows(page, '#state', /^fresh$/);
    await page.locator('#flags tr').first().waitFor({ timeout: 10_000 });
    expect(await page.locator('#flags tr').first().textContent()).toContain(key);
    expect(complaints).toEqual([]);
  });

  it('says that the client is closed, whose flags are fresh yet', async () => {
    const client = createFlagClient({ source: fileSource({ path: file }), variables: false });
    await client.ready();
    const { page } = await openPage(browser, await pageOf(client));
    await shows(page, '#state', /^fresh$/);
    await client.close();
    await shows(page, '#state', /^closed$/);
    expect(await page.locator('#meaning').innerText()).toMatch(/^The client is closed/);
    expect(await page.title()).toBe('(closed) Feature flags');
  });

  it('says what is wrong beside the flags, which are fresh: the feed, the cache, an override that does not hold', async () => {
    const feed = manualFeed();
    feed.refuse(new StoreError('unauthorized', 'may not subscribe'), { next: true });
    const client = createFlagClient({
      source: fileSource({ path: file }),
      feed,
      cache: fileCache({ path: join(folder, 'missing', 'cache.json') }),
      refreshMode: 'both',
      overrides: { graceful_degradation: 'off' },
      variables: false,
      logLevel: 'silent',
    });
    await client.ready();
    client.isEnabled('graceful_degradation');
    const { page, complaints } = await openPage(browser, await pageOf(client));
    await shows(page, '#state', /^fresh$/);
    await shows(page, '#facts', 'may not subscribe');
    await shows(page, '#facts', /Cache’s error/);
    expect(await fact(page, 'Overrides of another type')).toBe('graceful_degradation: callers get their fallbacks');
    expect(await flagValues(page)).toMatchObject({ graceful_degradation: 'fallback' });
    expect(complaints).toEqual([]);
  });

  it('asks people for the token, says what is wrong with a wrong one, keeps a good one, and is used by keyboard alone', async () => {
    const address = await demo();
    const { page, complaints } = await openPage(browser, `${address}/feature-flags/`);
    const focused = () => page.evaluate('document.activeElement.id');
    await shows(page, '#access-why', 'Those who run this service know it');
    expect(await page.locator('#access').innerText()).not.toMatch(/authorizer|Authorization|Bearer/i);
    expect(await page.locator('#live').isVisible()).toBe(false);
    await expect.poll(focused).toBe('token');

    await page.keyboard.type('not-the-token');
    await page.keyboard.press('Enter');
    await shows(page, '#access-why', 'refused this token');
    expect(await page.locator('#token').getAttribute('aria-invalid')).toBe('true');
    // What is wrong is selected: typing replaces it.
    await expect.poll(focused).toBe('token');
    await page.keyboard.type(token);
    await page.keyboard.press('Enter');
    await shows(page, '#connection', 'Connected');
    await shows(page, '#flags', 'sleep_insights');
    expect(await focused()).toBe('trust-title');

    await page.reload();
    await shows(page, '#connection', 'Connected');
    expect(await page.locator('#access').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Forget the token' }).click();
    await shows(page, '#access-why', 'The token is forgotten.');
    expect(await page.locator('#live').isVisible()).toBe(false);
    await page.reload();
    await shows(page, '#access-why', 'Those who run this service know it');
    // Chromium notes each 401 by itself; there is nothing else.
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
  });

  it('tells what is odd about the options, which the log said at start, each in a line of its own', async () => {
    const client = createFlagClient({
      source: fileSource({ path: file }),
      refreshMode: 'periodic',
      refreshIntervalMs: 60,
      staleAfterMs: 90_000,
      timeoutMs: 40,
      variables: false,
      logLevel: 'silent',
    });
    await client.ready();
    const { warnings } = client.health();
    expect(warnings).toHaveLength(2);
    const { page } = await openPage(browser, await pageOf(client));
    await shows(page, '#state', /^fresh$/);
    expect((await fact(page, 'Warnings')).split('\n')).toEqual(warnings);
  });

  it('forgets the token also while it waits to connect again', async () => {
    const address = await demo();
    const { page, asked } = await openPage(browser, live(address));
    await shows(page, '#flags', 'sleep_insights');
    const streams = () => asked.filter((url) => url.endsWith('/stream')).length;
    await page.clock.install();
    await programs.splice(0)[0]?.kill();
    await shows(page, '#connection', 'Connection lost');
    await page.getByRole('button', { name: 'Forget the token' }).click();
    await shows(page, '#access-why', 'The token is forgotten.');
    const before = streams();
    // Longer than the longest wait.
    await page.clock.runFor(60_000);
    await demo({ PORT: new URL(address).port });
    await page.locator('#token').fill(token);
    await page.keyboard.press('Enter');
    await shows(page, '#connection', /^Connected$/);
    expect(streams()).toBe(before + 1);
  });

  it('asks nobody for a token where none would help', async () => {
    const client = createFlagClient({ source: fileSource({ path: file }), variables: false });
    const { page } = await openPage(browser, await pageOf(client, {}));
    await shows(page, '#access-why', 'The application has not said who may see its flags');
    expect(await page.locator('#token').isVisible()).toBe(false);
    expect(await page.evaluate('document.activeElement.id')).toBe('access-title');
  });

  it('says that the connection is lost and since when, and comes back by itself', async () => {
    const address = await demo();
    const { page } = await openPage(browser, live(address));
    await shows(page, '#connection', 'Connected');
    await programs.splice(0)[0]?.kill();
    await shows(page, '#connection', /Connection lost, showing the state of \d/);
    // What was fresh when it was last heard of may not be by now.
    await shows(page, '#state', /^was fresh$/);
    expect(await page.title()).toBe('(connection lost) Feature flags');
    await demo({ PORT: new URL(address).port });
    await page.locator('#connection').filter({ hasText: 'Connected' }).waitFor({ timeout: 15_000 });
    await shows(page, '#state', /^fresh$/);
    expect(await page.title()).toBe('Feature flags');
    expect(await fact(page, 'Circuit breaker')).toBe('closed');
  });

  it('is ended with the server, which closes though somebody looks', async () => {
    const address = await demo();
    const { page } = await openPage(browser, live(address));
    await shows(page, '#connection', 'Connected');
    const startedMs = performance.now();
    expect(await programs[0]?.stop('SIGTERM')).toBe(0);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    await shows(page, '#connection', 'Connection lost');
  });

  it.each(['light', 'dark'] as const)(
    'breaks no rule of axe in %s, in any of its states, narrow or wide',
    { timeout: 120_000 },
    async (colorScheme) => {
      const address = await demo();
      const waiting = await openPage(browser, `${address}/feature-flags/`, { colorScheme });
      await shows(waiting.page, '#access-why', 'Those who run this service know it');
      expect(await violations(waiting.page)).toEqual([]);

      const { page } = await openPage(browser, live(address), { colorScheme });
      await shows(page, '#flags', 'sleep_insights');
      const picture = await page.screenshot({ fullPage: true });
      expect(picture.byteLength).toBeGreaterThan(20_000);
      // `CLARITY_KEEP_SCREENSHOTS=1` renews the pictures in the documentation.
      if (process.env['CLARITY_KEEP_SCREENSHOTS'] === '1') {
        await writeFile(new URL(`../../docs/operations/live-page-${colorScheme}.png`, import.meta.url), picture);
      }

      await edit((flags) => {
        flags['checkout_with_one_click_and_a_name_that_goes_on_for_long'] = {
          type: 'string',
          variants: { long: `https://shop.test/${'x'.repeat(2_000)}` },
          fallthrough: 'long',
        };
      });
      await shows(page, '#flags', 'characters)');
      for (const width of [320, 360, 768, 1280, 1920]) {
        await page.setViewportSize({ width, height: 800 });
        expect(await page.evaluate('document.documentElement.scrollWidth'), `at ${width} px`).toBe(width);
        expect(await page.evaluate(BROKEN_KEYS), `at ${width} px`).toEqual([]);
        expect(await violations(page), `at ${width} px`).toEqual([]);
      }

      await edit((flags) => Object.assign(flags['mania_risk_analysis'] ?? {}, { betaUsers: 7 }));
      await shows(page, '#alerts li', 'FeatureFlagDocumentRejected');
      expect(await violations(page)).toEqual([]);
      await programs.splice(0)[0]?.kill();
      await shows(page, '#connection', 'Connection lost');
      expect(await violations(page)).toEqual([]);
    },
  );
});

/** The pieces of keys that stand on more than one line: lines may end between them and not inside. */
const BROKEN_KEYS = `[...document.querySelectorAll('#flags th')].flatMap(({ childNodes }) => [...childNodes].filter((node) => {
  if (node.nodeType !== Node.TEXT_NODE) return false;
  const range = document.createRange();
  range.selectNode(node);
  return range.getClientRects().length > 1;
}).map(({ data }) => data))`;
