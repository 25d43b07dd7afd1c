// Rows of the fault list, as an application over SSM lives through them.
import { type SsmPublisherOptions, ssmPublisher, ssmSource, type SsmSourceOptions } from '@clarity/flags-ssm';
import { type SsmServer, startSsmServer } from '@clarity/flags-stand-ins/ssm-server';
import { expect, it, onTestFinished, vi } from 'vitest';
import { documentText, eventually, watch } from '../redis/watched-client.ts';

const PATH = '/shop/flags';
const SECRETS = ['wJalrXUtnFEMI-hunter2', 'session-token-hunter3'];
const never = new AbortController().signal;

async function startServer(): Promise<SsmServer> {
  const server = await startSsmServer();
  onTestFinished(() => server.stop());
  return server;
}

function connect(server: SsmServer) {
  const [secretAccessKey = '', sessionToken = ''] = SECRETS;
  return {
    endpoint: server.endpoint,
    region: server.region,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey, sessionToken },
  };
}

async function publish(server: SsmServer, n: number, options: Partial<SsmPublisherOptions> = {}): Promise<void> {
  const publisher = ssmPublisher({ layout: 'chunked', path: PATH, ...connect(server), ...options });
  await publisher.restore(documentText(n), never);
  await publisher.close();
  server.forgetCalls();
}

/** Reads only when it is asked to, unless told otherwise. */
function follow(server: SsmServer, options: Parameters<typeof watch>[2] = {}, place: Partial<SsmSourceOptions> = {}) {
  const source = ssmSource({ layout: 'chunked', path: PATH, ...connect(server), ...place });
  const watched = watch(source, undefined, { refreshMode: 'none', ...options });
  onTestFinished(() => {
    for (const secret of SECRETS) expect(watched.said()).not.toContain(secret);
    expect(watched.said()).not.toContain('"clarity":1');
  });
  return watched;
}

/** A server with document 1, and a client that serves it. */
async function served(options: Parameters<typeof watch>[2] = {}) {
  const server = await startServer();
  await publish(server, 1);
  const watched = follow(server, options);
  await watched.client.ready();
  server.forgetCalls();
  return { server, ...watched };
}

it('a refresh costs one call when nothing changed, and two when a small document did', async () => {
  const { server, client } = await served();
  expect(await client.refresh()).toMatchObject({ ok: true, outcome: 'unchanged' });
  expect(server.calls.map(({ operation }) => operation)).toEqual(['GetParameter']);
  await publish(server, 2);
  expect(await client.refresh()).toMatchObject({ ok: true, outcome: 'changed' });
  expect(server.calls.map(({ operation }) => operation)).toEqual(['GetParameter', 'GetParameters']);
  expect(client.isEnabled('is_2')).toBe(true);
});

it('F28 throttled, it tries once more, then ever more seldom until the breaker opens; the last good flags are served', async () => {
  const { server, client } = await served({ refreshMode: 'periodic', refreshIntervalMs: 40, staleAfterMs: 60_000 });
  const mend = server.fail({ kind: 'refuse', type: 'ThrottlingException' });
  server.forgetCalls();
  await eventually(() => expect(client.breakerState()).toBe('open'), 10_000);
  // Three refreshes of at most two attempts each; and from here on none for half a minute.
  expect(server.calls.length).toBeLessThanOrEqual(6);
  expect(client.health()).toMatchObject({ last_error: { reason: 'throttled' } });
  expect(client.isEnabled('is_1')).toBe(true);
  mend();
  expect(await client.refresh({ force: true })).toMatchObject({ ok: true });
  expect(client.breakerState()).toBe('closed');
});

it.each([
  ['F32 a missing KMS grant', { kind: 'refuse', type: 'AccessDeniedException' }, /allow kms:Decrypt/],
  ['F32 an invalid key', { kind: 'refuse', type: 'InvalidKeyId' }, /allow kms:Decrypt/],
  ['a missing permission', { kind: 'deny' }, /ssm:GetParameter is missing/],
] as const)('%s is said once a refresh, with the permission, and not tried again', async (_name, fault, message) => {
  const { server, client } = await served();
  server.fail(fault);
  expect(await client.refresh()).toMatchObject({
    ok: false,
    reason: 'unauthorized',
    message: expect.stringMatching(message),
  });
  expect(server.calls).toHaveLength(1);
  expect(client.isEnabled('is_1')).toBe(true);
});

it('F33 credentials that expire are refreshed once, unseen', async () => {
  const server = await startServer();
  await publish(server, 1);
  let given = 0;
  const credentials = async () => {
    given += 1;
    return { accessKeyId: `AKID${given}`, secretAccessKey: SECRETS[0] ?? '' };
  };
  const { client } = follow(server, {}, { credentials });
  await client.ready();
  server.expireAllBut('AKID2');
  expect(await client.refresh()).toMatchObject({ ok: true });
  expect(given).toBe(2);
});

it.each([
  ['F25 a server that never answers', { kind: 'hang' }],
  ['F24 a body that comes byte by byte', { kind: 'drip' }],
] as const)('%s is ended by the one deadline, on the wire, too', async (_name, fault) => {
  const { server, client } = await served({ timeoutMs: 300 });
  server.fail(fault);
  const begunMs = performance.now();
  expect(await client.refresh()).toMatchObject({ ok: false, reason: 'timeout' });
  expect(performance.now() - begunMs).toBeLessThan(1_500);
  await vi.waitFor(async () => expect(await server.connections()).toBe(0));
  expect(client.isEnabled('is_1')).toBe(true);
});

it.each([
  ['F18 an HTML page', { kind: 'html' }],
  ['F16 a body cut short', { kind: 'cut' }],
] as const)('%s counts as a store that is down, and is tried again', async (_name, fault) => {
  const { server, client } = await served();
  server.fail(fault, { times: 1 });
  expect(await client.refresh()).toMatchObject({ ok: true });
  server.fail(fault);
  for (let refresh = 0; refresh < 3; refresh += 1) expect(await client.refresh()).toMatchObject({ ok: false });
  expect(client.breakerState()).toBe('open');
  expect(client.isEnabled('is_1')).toBe(true);
});

it('F17 chunks that were damaged are never adopted; published anew, they are', async () => {
  const { server, client } = await served();
  await publish(server, 2);
  const chunk = server.store.names().find((name) => name.endsWith('/000') && name !== `${PATH}/manifest`) ?? '';
  for (const name of server.store.names().filter((one) => one.endsWith('/000'))) {
    server.store.put(
      { name, value: server.store.find(chunk).value.slice(0, 40), overwrite: true, tier: 'Advanced' },
      Date.now(),
    );
  }
  expect(await client.refresh()).toMatchObject({ ok: false, reason: 'invalid_document' });
  // It arrived whole and is bad: the breaker is not concerned.
  expect(client.breakerState()).toBe('closed');
  expect(client.isEnabled('is_1')).toBe(true);
  await publish(server, 3);
  expect(await client.refresh()).toMatchObject({ ok: true });
  expect(client.isEnabled('is_3')).toBe(true);
});

it('F12 a manifest that is gone keeps the last good flags, and a new lineage is adopted', async () => {
  const { server, client } = await served();
  for (const name of server.store.names()) server.store.delete(name);
  expect(await client.refresh()).toMatchObject({ ok: false, reason: 'not-found' });
  expect(client.isEnabled('is_1')).toBe(true);
  await publish(server, 2);
  expect(await client.refresh()).toMatchObject({ ok: true });
  expect(client.isEnabled('is_2')).toBe(true);
});

it('F15 a parameter that holds no flags is refused with where and why, remembered, and adopted once mended', async () => {
  const server = await startServer();
  const put = (value: string): void =>
    void server.store.put({ name: PATH, value, type: 'String', overwrite: true }, Date.now());
  put(documentText(1));
  const { client } = follow(server, {}, { layout: 'single' });
  await client.ready();
  put('{"schemaVersion":1,"flags":{"a":{"status":"canary","rolloutPercentage":"many"}}}');
  expect(await client.refresh()).toMatchObject({
    ok: false,
    reason: 'invalid_document',
    message: expect.stringContaining('$.flags.a'),
  });
  expect(await client.refresh()).toMatchObject({ ok: false, reason: 'invalid_document' });
  expect(client.isEnabled('is_1')).toBe(true);
  expect(client.breakerState()).toBe('closed');
  put(documentText(2));
  expect(await client.refresh()).toMatchObject({ ok: true });
  expect(client.isEnabled('is_2')).toBe(true);
});

it('F52 with SSM down at start the bootstrap is served, and it is ready once SSM is back', async () => {
  const server = await startServer();
  await publish(server, 2);
  const mend = server.fail({ kind: 'reset' });
  const { client } = follow(server, { bootstrap: documentText(1), refreshMode: 'periodic', refreshIntervalMs: 60_000 });
  await client.ready({ from: 'any' });
  expect(client.isEnabled('is_1')).toBe(true);
  expect(client.isStale()).toBe(true);
  mend();
  await client.refresh({ force: true });
  await client.ready();
  expect(client.isEnabled('is_2')).toBe(true);
  expect(client.freshness()).toMatchObject({ state: 'fresh' });
});

it('one parameter a flag: flags of a page that comes late are not lost, and the age of the answer is told', async () => {
  const server = await startServer();
  for (let n = 0; n < 25; n += 1) {
    server.store.put({ name: `${PATH}/is_${n}`, value: 'true', type: 'String', overwrite: false }, Date.now());
  }
  server.pageOddly('empty-pages');
  const { client } = follow(server, {}, { layout: 'per-flag' });
  await client.ready();
  for (let n = 0; n < 25; n += 1) expect(client.isEnabled(`is_${n}`)).toBe(true);
  server.forgetCalls();
  // Within the minimum interval: answered from memory, and the age says so.
  expect(await client.refresh()).toMatchObject({ ok: true, outcome: 'unchanged' });
  expect(server.calls).toHaveLength(0);
  expect(client.ageMs()).toBeGreaterThan(0);
});

it('F65 one parameter that is not a flag is set aside and named, and a new instance serves all others', async () => {
  const server = await startServer();
  const put = (key: string, value: string): unknown =>
    server.store.put({ name: `${PATH}/${key}`, value, type: 'String', overwrite: true }, Date.now());
  put('checkout', 'true');
  put('other', 'True');
  put('mistyped', '{"status":"canary","rolloutPercentage":"25"}');
  const place = { layout: 'per-flag', minIntervalMs: 0 } as const;
  const { client, said } = follow(server, {}, place);
  await client.ready();
  expect(client.isEnabled('checkout')).toBe(true);
  const foreign = `the parameter ${PATH}/other: found text of 4 characters that is not JSON`;
  const mistyped = '$.flags.mistyped.rolloutPercentage: found text of 2 characters, allowed: a number from 0 to 100';
  for (const [key, message] of [['other', foreign] as const, ['mistyped', mistyped] as const]) {
    const details = client.details(key, {}, true);
    expect(details).toMatchObject({ value: true, reason: 'ERROR', errorCode: 'PARSE_ERROR' });
    expect(details.errorMessage).toContain(message);
    expect(client.health().set_aside_flags).toContainEqual({ flag: key, reason: expect.stringContaining(message) });
    expect(said()).toContain(message.replaceAll('"', '\\"'));
  }
  expect(client.health()).toMatchObject({ healthy: true, rejected_document: null, set_aside_flags: { length: 2 } });

  // A client that runs follows what others write beside it.
  put('checkout', 'false');
  expect(await client.refresh()).toMatchObject({ ok: true, outcome: 'changed' });
  expect(client.isEnabled('checkout')).toBe(false);
  put('other', 'true');
  await client.refresh();
  expect(client.isEnabled('other')).toBe(true);
});
