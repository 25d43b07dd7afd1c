import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface Watched {
  readonly page: Page;
  /** What the browser complained about: errors, and what the policy forbade. */
  readonly complaints: readonly string[];
  /** Every address that was asked for. */
  readonly asked: readonly string[];
}

/** Opens an address in a browser of its own habits. Closed after the test. */
export async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1_100, height: 900 }, ...options });
  const page = await context.newPage();
  onTestFinished(() => context.close());
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(address);
  return { page, complaints, asked };
}

/** Text of an element, once it is that. */
export async function shows(page: Page, selector: string, text: string | RegExp): Promise<void> {
  await page.locator(selector).filter({ hasText: text }).first().waitFor({ timeout: 10_000 });
}

/** What the page says under a name. */
export function fact(page: Page, name: string): Promise<string> {
  const row = page.locator('#facts div').filter({ has: page.getByText(name, { exact: true }) });
  return row.locator('dd').innerText();
}

/** The value that it shows of each flag: what the flag does stands between key and value. */
export async function flagValues(page: Page): Promise<Record<string, string>> {
  const rows = await page.locator('#flags tr').allInnerTexts();
  return Object.fromEntries(rows.map((row) => row.split('\t')).map(([key, , value]) => [key, value]));
}

/** What breaks any rule of axe, those of its best practices and of WCAG AAA among them. */
export async function violations(page: Page): Promise<readonly string[]> {
  // By the debugger, which the page's policy does not concern.
  await page.evaluate(axe);
  const results = await page.evaluate<AxeResults>('axe.run({ runOnly: axe.getRules().map(({ ruleId }) => ruleId) })');
  expect(results.passes.length).toBeGreaterThan(5);
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}
