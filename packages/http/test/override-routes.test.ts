import { recordingLogger } from '@clarity/flags-testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Authorizer, createFlagHandler, onlyClosedRoutes } from '../src/index.ts';
import { EventReader } from './event-reader.ts';
import { clientIn } from './client-in-state.ts';
import { scriptedClient } from './scripted-client.ts';

const flags = {
  checkout: { status: 'enabled' },
  theme: { type: 'string', variants: { dark: 'dark', light: 'light' }, fallthrough: 'dark' },
};
const PATH = 'http://flags.test/feature-flags/overrides';

async function open(authorize: Authorizer = () => true, document: Readonly<Record<string, unknown>> = flags) {
  const logger = recordingLogger();
  const { client } = await scriptedClient(document, { logger, logLevel: 'warn' });
  const handler = createFlagHandler({ client, authorize: onlyClosedRoutes(authorize) });
  const ask = (method: string, query = '', body?: unknown, headers: Record<string, string> = {}) =>
    handler(
      new Request(PATH + query, {
        method,
        headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    );
  return { client, logger, handler, ask };
}

const json = async (response: Response) => (await response.json()) as Record<string, unknown>;

describe('overrides by HTTP', () => {
  it('are closed until the application opens them', async () => {
    const client = await clientIn('fresh');
    const handler = createFlagHandler({ client });
    const body = JSON.stringify({ flag: 'new_checkout', value: false, author: 'ada' });
    const response = await handler(new Request(PATH, { method: 'POST', body }));
    expect(response.status).toBe(401);
    expect(client.isEnabled('new_checkout')).toBe(true);
    expect((await handler(new Request(PATH))).status).toBe(401);
    expect((await handler(new Request(`${PATH}?flag=x`, { method: 'DELETE' }))).status).toBe(401);
  });

  it('hold at once, for their time, say for whom, and stand in health and log with their author', async () => {
    const { client, logger, ask } = await open();
    const response = await ask('POST', '', { flag: 'checkout', value: false, for_seconds: 2, author: 'ada' });
    const endMs = Date.now() + 2_000;
    expect(response.status).toBe(200);
    const said = await json(response);
    expect(said).toEqual({
      scope: 'this instance only; for all: publish',
      flag: 'checkout',
      value: false,
      until: expect.any(String) as string,
      author: 'ada',
    });
    expect(Math.abs(Date.parse(String(said['until'])) - endMs)).toBeLessThan(500);
    expect(client.isEnabled('checkout')).toBe(false);
    expect(client.health()).toMatchObject({
      overrides: ['checkout'],
      override_ends: [{ flag: 'checkout', at: expect.stringMatching(/Z$/) as string }],
    });
    expect(logger.entries.at(-1)).toEqual({
      level: 'warn',
      message: 'flag overridden',
      fields: { flag: 'checkout', forMs: 2_000, author: 'ada' },
    });
    expect(await json(await ask('GET'))).toMatchObject({ overrides: [{ flag: 'checkout', author: 'ada' }] });

    await vi.waitFor(() => expect(client.isEnabled('checkout')).toBe(true), 5_000);
    expect(client.health()).toMatchObject({ overrides: [], override_ends: [] });
    expect(logger.entries.at(-1)).toEqual({
      level: 'warn',
      message: 'override ended: its time is over',
      fields: { flag: 'checkout', author: 'ada' },
    });
  });

  it('stand for an hour where nobody says for how long', async () => {
    const { ask, client } = await open();
    await ask('POST', '', { flag: 'theme', value: 'light', author: 'ada' });
    const { leftMs } = client.overrides()[0] ?? {};
    expect(leftMs).toBeGreaterThan(3_590_000);
    expect(leftMs).toBeLessThanOrEqual(3_600_000);
  });

  it.each([1, 604_800])('stand for %d s, which is as little or as much as they may', async (seconds) => {
    const { ask, client } = await open();
    const author = 'a'.repeat(200);
    const asked = { flag: 'theme', value: 'light', author, for_seconds: seconds };
    expect((await ask('POST', '', asked)).status).toBe(200);
    expect(client.overrides()).toMatchObject([{ flagKey: 'theme', author }]);
  });

  it('are answered as a failure where the client fails, and its own error goes to the listener alone', async () => {
    const { client } = await open();
    const errors: unknown[] = [];
    const broken = new Error('the disk of ada is full');
    vi.spyOn(client, 'override').mockImplementation(() => {
      throw broken;
    });
    const onError = (error: unknown) => void errors.push(error);
    const handler = createFlagHandler({ client, authorize: () => ({ actor: 'ada' }), onError });
    const headers = { 'Content-Type': 'application/json' };
    const response = await handler(
      new Request(PATH, { method: 'POST', headers, body: JSON.stringify({ flag: 'checkout', value: false }) }),
    );
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('disk');
    expect(errors).toEqual([broken]);
  });

  it('are taken back by who says so, and only where there are any', async () => {
    const { ask, client, logger } = await open();
    await ask('POST', '', { flag: 'checkout', value: false, author: 'ada' });
    expect((await ask('DELETE', '?flag=checkout')).status).toBe(400);
    expect(client.isEnabled('checkout')).toBe(false);
    const response = await ask('DELETE', '?flag=checkout&author=bob');
    expect(await json(response)).toMatchObject({ flag: 'checkout', removed: true });
    expect(client.isEnabled('checkout')).toBe(true);
    expect(logger.entries.at(-1)).toMatchObject({ message: 'override removed', fields: { author: 'bob' } });
    expect((await ask('DELETE', '?flag=checkout&author=bob')).status).toBe(404);
    expect((await ask('DELETE', '?author=bob')).status).toBe(400);
  });

  it('have as author whom the authorizer names, and nobody else', async () => {
    const { ask, logger } = await open((_request, { name }) => name === 'overrides' && { actor: 'grace' });
    expect((await ask('POST', '', { flag: 'checkout', value: false, author: 'ada' })).status).toBe(400);
    expect(await json(await ask('POST', '', { flag: 'checkout', value: false }))).toMatchObject({ author: 'grace' });
    expect(logger.entries.at(-1)).toMatchObject({ fields: { author: 'grace' } });
  });

  it('have an author of one line also where the authorizer names another', async () => {
    const { ask, logger } = await open(() => ({ actor: 'ada\n\u001b[2J' }));
    expect(await json(await ask('POST', '', { flag: 'checkout', value: false }))).toMatchObject({
      author: String.raw`ada\u000a\u001b[2J`,
    });
    expect(logger.entries.at(-1)).toMatchObject({ fields: { author: String.raw`ada\u000a\u001b[2J` } });
  });

  it('open to a caller of the application’s own class, whose name is no property of its own', async () => {
    class User {
      readonly roles = undefined;
      get actor(): string {
        return 'grace';
      }
    }
    const { ask } = await open(() => new User());
    expect(await json(await ask('POST', '', { flag: 'checkout', value: false }))).toMatchObject({ author: 'grace' });
  });

  it.each([
    ['no body', undefined, 'The body is missing; allowed is a JSON object such as {"flag"'],
    ['a list', [], 'The body is an array'],
    ['no flag', { value: true, author: 'ada' }, 'flag is missing'],
    [
      'a flag that is not there',
      { flag: 'chekout', value: true, author: 'ada' },
      'flag is "chekout", which the document',
    ],
    ['a name of every object', { flag: 'constructor', value: true, author: 'ada' }, 'which the document does not have'],
    ['no value', { flag: 'checkout', author: 'ada' }, 'value is missing'],
    ['null', { flag: 'checkout', value: null, author: 'ada' }, 'value is null'],
    [
      'a value of another type',
      { flag: 'checkout', value: 'off', author: 'ada' },
      'value is of type string; allowed is a boolean',
    ],
    ['no author', { flag: 'checkout', value: false }, 'author is missing; allowed is a text of 1 to 200'],
    ['a blank author', { flag: 'checkout', value: false, author: ' ' }, 'author is blank; allowed'],
    ['a long author', { flag: 'checkout', value: false, author: 'a'.repeat(201) }, 'author is 201 characters long'],
    [
      'an author who begins a line of the log',
      { flag: 'checkout', value: false, author: 'ada\n[clarity-flags] all is well' },
      'author is a text with characters that cannot be printed',
    ],
    [
      'an author who is obeyed by a terminal',
      { flag: 'checkout', value: false, author: '\u001b[2J' },
      'cannot be printed',
    ],
    [
      'no time',
      { flag: 'checkout', value: false, author: 'ada', for_seconds: 0 },
      'for_seconds is 0; allowed is a number from 1 to 604800',
    ],
    ['for ever', { flag: 'checkout', value: false, author: 'ada', for_seconds: 604_801 }, 'for_seconds is 604801'],
    ['time as text', { flag: 'checkout', value: false, author: 'ada', for_seconds: '60' }, 'for_seconds is "60"'],
    ['a slip', { flag: 'checkout', value: false, author: 'ada', seconds: 60 }, '"seconds" is no member of an override'],
  ])('are refused with %s, in a sentence that says what is allowed', async (_what, body, sentence) => {
    const { ask, client } = await open();
    const response = await ask('POST', '', body);
    expect(response.status).toBe(400);
    expect((await json(response))['detail']).toContain(sentence);
    expect(client.overrides()).toEqual([]);
  });

  it('are refused where their value nests deeper than a document may', async () => {
    const { client, ask } = await open(undefined, { ...flags, limits: { type: 'object', variants: { none: {} } } });
    const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown;
    for (const depth of [65, 5_000, 30_000]) {
      // Written by hand: JSON.stringify would use up the stack.
      const response = await ask(
        'POST',
        '',
        `{"flag":"limits","author":"ada","value":${'['.repeat(depth)}${']'.repeat(depth)}}`,
      );
      expect(response.status).toBe(400);
      expect((await json(response))['detail']).toBe(
        'override "limits" is an object that nests deeper than 64, or holds itself; allowed is a flag value: true, ' +
          'false, text, a finite number, an object or a list.',
      );
    }
    expect(client.overrides()).toEqual([]);
    expect((await ask('POST', '', { flag: 'limits', value: nested(64), author: 'ada' })).status).toBe(200);
  });

  it('are no more than 100 at once, beside those that stay', async () => {
    const client = await clientIn('never');
    const handler = createFlagHandler({ client, authorize: () => true });
    const set = (flag: string) =>
      handler(
        new Request(PATH, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ flag, value: true, author: 'ada' }),
        }),
      );
    client.override('stays', true);
    for (let n = 0; n < 100; n++) expect((await set(`flag_${n}`)).status).toBe(200);
    const refused = await set('one_more');
    expect(refused.status).toBe(409);
    expect((await json(refused))['detail']).toBe(
      'There are 100 overrides that will end, and there may be no more: publish instead.',
    );
    expect((await set('flag_7')).status).toBe(200);
    expect(client.isEnabled('one_more')).toBe(false);
  });

  it('are nothing for pages of other sites', async () => {
    const { ask, client } = await open();
    const site = { 'Sec-Fetch-Site': 'cross-site' };
    const body = { flag: 'checkout', value: false, author: 'ada' };
    expect((await ask('POST', '', body, site)).status).toBe(403);
    expect((await ask('DELETE', '?flag=checkout&author=ada', undefined, site)).status).toBe(403);
    expect(client.overrides()).toEqual([]);
  });

  it('hold before there is a document to compare with: an outage is when they are needed', async () => {
    const client = await clientIn('never');
    const handler = createFlagHandler({ client, authorize: () => true });
    const body = JSON.stringify({ flag: 'new_checkout', value: true, author: 'ada' });
    const headers = { 'Content-Type': 'application/json' };
    expect((await handler(new Request(PATH, { method: 'POST', body, headers }))).status).toBe(200);
    expect(client.isEnabled('new_checkout')).toBe(true);
  });

  it('are shown to callers of the stream at once', async () => {
    const { ask, handler } = await open();
    const reader = new EventReader(await handler(new Request('http://flags.test/feature-flags/stream')));
    onTestFinished(() => handler.closeStreams());
    await reader.nextOf('flags');
    await ask('POST', '', { flag: 'checkout', value: false, for_seconds: 60, author: 'ada' });
    const { flags: shown } = (await reader.nextOf('flags')) as { flags: readonly Record<string, unknown>[] };
    expect(shown[0]).toMatchObject({ key: 'checkout', value: false, overridden: true, does: 'on for everybody' });
    expect(shown[0]?.['overridden_until']).toMatch(/Z$/);
  });

  it('are not there for a client that has none', async () => {
    const { all, freshness, refresh } = await clientIn('fresh');
    const handler = createFlagHandler({ client: { all, freshness, refresh }, authorize: () => true });
    expect((await handler(new Request(PATH))).status).toBe(404);
    expect(handler.paths.has('/feature-flags/overrides')).toBe(false);
  });
});
