// What a doctor finds in stores that are not well. Each answer leads to what is wrong and not beside it.
import { createFlagClient } from '@clarity/flags-core';
import { fetchSource } from '@clarity/flags-fetch';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { cli, DOCUMENT, store } from './cli-run.ts';

interface Finding {
  readonly check: string;
  readonly state: string;
  readonly message: string;
}

async function findingsOf(...args: string[]): Promise<{ code: number; findings: readonly Finding[] }> {
  const { code, out } = await cli(['doctor', ...args]);
  return { code, ...(JSON.parse(out) as { findings: Finding[] }) };
}

async function served(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/flags.json`;
}

function serving(headers: Readonly<Record<string, string>>): Promise<string> {
  return served((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', etag: '"1"', ...headers });
    response.end(JSON.stringify(DOCUMENT));
  });
}

it.each([
  ['4000', 'bad', 1, /asked the store 4000 s ago: .* stale after 300 s/],
  ['40', 'good', 0, /asked the store 40 s ago: changes arrive as much later/],
] as const)('a cache on the way that answers with what is %s s old is told of', async (age, state, code, message) => {
  const { code: found, findings } = await findingsOf(await serving({ age }));
  expect(found).toBe(code);
  expect(findings).toContainEqual({ check: 'age', state, message: expect.stringMatching(message) });
});

it("and the threshold that it names is that of a client with production's defaults", async () => {
  const flags = createFlagClient({
    environment: 'production',
    variables: false,
    refreshMode: 'none',
    source: fetchSource({ url: 'https://flags.test/flags.json' }),
  });
  const { staleAfterMs } = flags.freshness();
  await flags.close();
  const { findings } = await findingsOf(await serving({ age: String(staleAfterMs / 1_000) }));
  expect(findings).toContainEqual({
    check: 'age',
    state: 'bad',
    message: expect.stringContaining(`stale after ${staleAfterMs / 1_000} s`),
  });
});

it('an answer of the store itself has no age to tell of', async () => {
  const { findings } = await findingsOf(await serving({}));
  expect(findings.map(({ check }) => check)).not.toContain('age');
});

it.each([
  [401, 'permitted', /^unauthorized: .*401/],
  [404, 'document', /^not-found: .*404/],
  [500, 'reachable', /^unavailable: .*500/],
])('a server that answers %i is wrong in what it is: %s', async (status, check, message) => {
  const { code, findings } = await findingsOf(
    await served((_request, response) => {
      response.writeHead(status).end();
    }),
  );
  expect(code).toBe(3);
  expect(findings[0]).toEqual({ check, state: 'bad', message: expect.stringMatching(message) });
  expect(findings.some((finding) => finding.check === 'reachable' && finding.state === 'good')).toBe(false);
});

it('a page that stands in front of the store is not taken for a document that is wrong', async () => {
  const { findings } = await findingsOf(
    await served((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please log in</html>');
    }),
  );
  expect(findings).toEqual([
    { check: 'reachable', state: 'bad', message: expect.stringMatching(/^invalid: .*log-in page/) },
  ]);
});

it.each([
  [-60_000, 'behind', 'doubtful'],
  [60_000, 'ahead of', 'doubtful'],
])('a clock that is off by %i ms is said to be %s', async (offsetMs, words, state) => {
  const { findings } = await findingsOf(await serving({ date: new Date(Date.now() + offsetMs).toUTCString() }));
  const message = expect.stringMatching(new RegExp(`^the store's clock is \\d+ ms ${words} this one$`));
  expect(findings).toContainEqual({ check: 'clock', state, message });
});

it('a server that never answers is told of by the time that was given, and not as stopped by somebody', async () => {
  const { code, findings } = await findingsOf(await served(() => {}), '--timeout', '0.3');
  expect(code).toBe(3);
  const message = 'timeout: no answer within 0.3 s; --timeout allows more';
  expect(findings).toEqual([{ check: 'reachable', state: 'bad', message }]);
});

it.each([
  ['a document that clients refuse', '{"schemaVersion":1}', 'bad', 'is refused: $.flags: found nothing, '],
  ['a document that is no JSON', '{"schemaVersion":1,}', 'bad', 'line 1, column 20: found "}"'],
  [
    'a name that stands twice',
    '{"schemaVersion":1,"flags":{"a":{"status":"enabled"},"a":{"status":"beta"}}}',
    'doubtful',
    '1 flag: $.flags.a: found "a" a second time',
  ],
])('%s is told of with what to type instead', async (_, text, state, told) => {
  await writeFile(store, text);
  const { findings } = await findingsOf(store);
  expect(findings).toContainEqual({ check: 'document', state, message: expect.stringContaining(told) });
});

it('flags that would be set aside are named with what is wrong, and not all thousand of them', async () => {
  const flags = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`f${i}`, { status: 'canry' }]));
  await writeFile(store, JSON.stringify({ schemaVersion: 1, flags }));
  const { findings } = await findingsOf(store);
  const { state, message = '' } = findings.find(({ check }) => check === 'document') ?? {};
  expect(state).toBe('doubtful');
  expect(message).toMatch(
    /1,?000 flags would be set aside: \$\.flags\.f0\.status: found "canry", allowed: .*; did you mean "canary"\?; .*and 997 more, which clarity-flags validate tells$/,
  );
  expect(message.length).toBeLessThan(500);
});
