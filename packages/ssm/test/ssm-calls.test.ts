import { SSMClient } from '@aws-sdk/client-ssm';
import { ssmSource } from '@clarity/flags-ssm';
import { type SsmFault, type SsmServer, startSsmServer } from '@clarity/flags-stand-ins/ssm-server';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callsOf, connect, failure, PATH, put, SECRETS } from './ssm-harness.ts';

const never = new AbortController().signal;
const text = JSON.stringify({ schemaVersion: 1, flags: { a: { status: 'enabled' } } });

let server: SsmServer;
beforeEach(async () => {
  server = await startSsmServer();
  put(server, PATH, text);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

function open(options: object = {}) {
  return ssmSource({ layout: 'single', path: PATH, ...connect(server), ...options });
}

describe('what AWS refuses is named, with what to mend', () => {
  const faults: readonly (readonly [string, SsmFault, string, RegExp, number?])[] = [
    ['a missing permission', { kind: 'deny' }, 'unauthorized', /ssm:GetParameter is missing; allow it.*IAM policy/],
    ['F32 a missing KMS grant', { kind: 'refuse', type: 'AccessDeniedException' }, 'unauthorized', /allow kms:Decrypt/],
    [
      'F32 a KMS permission that AWS names',
      {
        kind: 'refuse',
        type: 'AccessDeniedException',
        message: 'User: arn:aws:iam::1:user/x is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:key',
      },
      'unauthorized',
      /allow kms:Decrypt/,
    ],
    ['F32 an invalid key', { kind: 'refuse', type: 'InvalidKeyId' }, 'unauthorized', /allow kms:Decrypt.*enabled/],
    [
      'a wrong secret key',
      { kind: 'refuse', type: 'InvalidSignatureException' },
      'unauthorized',
      /AWS_SECRET_ACCESS_KEY/,
    ],
    [
      'an unknown access key',
      { kind: 'refuse', type: 'UnrecognizedClientException' },
      'unauthorized',
      /AWS_ACCESS_KEY_ID/,
    ],
    [
      'a clock that is wrong',
      { kind: 'refuse', type: 'InvalidSignatureException', message: 'Signature expired: 20260101T000000Z' },
      'unauthorized',
      /clock of this machine/,
      2,
    ],
    [
      'F28 throttling',
      { kind: 'refuse', type: 'ThrottlingException' },
      'throttled',
      /throttles this account.*Redis in front/,
    ],
    [
      'a failure of AWS',
      { kind: 'refuse', type: 'InternalServerError' },
      'unavailable',
      /InternalServerError, HTTP 500/,
    ],
    ['F18 an HTML page with status 200', { kind: 'html' }, 'invalid', /not that of AWS.*captive portal/],
    ['F16 a body cut short', { kind: 'cut' }, 'unavailable', /ECONNRESET/],
    ['a connection that is reset', { kind: 'reset' }, 'unavailable', /ECONNRESET/],
    [
      'a code that nobody knows',
      { kind: 'refuse', type: 'BrandNewException' },
      'unavailable',
      /BrandNewException, HTTP 400/,
    ],
  ];

  it.each(
    faults.map(([name, fault, reason, message, attempts = 1]) => [name, fault, reason, message, attempts] as const),
  )('%s', async (_name, fault, reason, message, attempts) => {
    const source = open();
    server.fail(fault);
    const error = await failure(source.read(undefined, never));
    expect(error.reason).toBe(reason);
    expect(error.message).toMatch(message);
    expect(error.message).toContain('in us-east-1');
    // One attempt: the client above decides about another. F32: no retry storm.
    expect(callsOf(server)).toEqual(Array(attempts).fill('GetParameter'));
    expect(error.retryable).toBe(reason !== 'unauthorized');
    expect(error.notADocument).toBe(fault.kind === 'html');
    await source.close();
  });

  it('a region other than the endpoint’s', async () => {
    const source = open({ region: 'eu-central-1' });
    const error = await failure(source.read(undefined, never));
    expect(error).toMatchObject({
      reason: 'unauthorized',
      message: expect.stringMatching(/signed for another region.*AWS_REGION/),
    });
    await source.close();
  });

  it('a parameter that is not there, with the region it was looked for in', async () => {
    const source = open({ path: '/shop/none' });
    expect(await failure(source.read(undefined, never))).toMatchObject({
      reason: 'not-found',
      message: expect.stringMatching(/\/shop\/none in us-east-1.*AWS_REGION/),
    });
    await source.close();
  });

  it.each([
    ['no region at all', undefined],
    ['a region that is not one', 'not a region'],
  ])('%s', async (_name, region) => {
    for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION']) vi.stubEnv(name, undefined);
    withoutProfile();
    const source = open({ region });
    expect(await failure(source.read(undefined, never))).toMatchObject({
      retryable: false,
      message: expect.stringMatching(/set AWS_REGION or the option region/),
    });
    await source.close();
  });

  it('no credentials anywhere', async () => {
    withoutProfile();
    const { endpoint, region } = connect(server);
    const source = ssmSource({ layout: 'single', path: PATH, endpoint, region });
    expect(await failure(source.read(undefined, never))).toMatchObject({
      reason: 'unauthorized',
      retryable: false,
      message: expect.stringMatching(/no AWS credentials were found; set AWS_ACCESS_KEY_ID.*AWS_PROFILE.*role/),
    });
    expect(callsOf(server)).toEqual([]);
    await source.close();
  });
});

/** Leaves the SDK's chain nothing to find: no variables, no files, no instance metadata. */
function withoutProfile(): void {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE']) {
    vi.stubEnv(name, undefined);
  }
  vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent/config');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent/credentials');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  for (const name of [
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
  ]) {
    vi.stubEnv(name, undefined);
  }
}

describe('credentials', () => {
  it('come from the default chain when none are given', async () => {
    withoutProfile();
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDFROMENV');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', SECRETS[0]);
    vi.stubEnv('AWS_REGION', 'us-east-1');
    const source = ssmSource({ layout: 'single', path: PATH, endpoint: server.endpoint });
    expect(await source.read(undefined, never)).toMatchObject({ kind: 'document', text });
    expect(server.calls[0]).toMatchObject({ accessKeyId: 'AKIDFROMENV' });
    await source.close();
  });

  const SECRET = SECRETS[0] ?? '';
  it.each([
    [
      'throws',
      () => {
        throw new Error(`vault says ${SECRET}`);
      },
      true,
      /the function credentials failed with Error/,
    ],
    ['rejects', () => Promise.reject(new TypeError(SECRET)), true, /the function credentials failed with TypeError/],
    ['gives nothing', async () => undefined, false, /the function credentials gave no identity/],
    ['gives half', async () => ({ accessKeyId: SECRET }), false, /accessKeyId and secretAccessKey are needed/],
  ])(
    'of a function that %s are said to be missing, and nothing of it is shown',
    async (_, credentials, retryable, hint) => {
      const source = open({ credentials });
      const error = await failure(source.read(undefined, never));
      expect(error).toMatchObject({ reason: 'unauthorized', retryable, message: expect.stringMatching(hint) });
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(SECRET);
      expect(callsOf(server)).toEqual([]);
      await source.close();
    },
  );

  it.each([
    { type: 'ValidationException', message: `Value '${SECRET}' at 'value' failed to satisfy constraint` },
    { type: `${SECRET} and more`, message: SECRET },
  ])('and values that AWS repeats in $type are not shown, by any printing of the error', async (refusal) => {
    server.fail({ kind: 'refuse', ...refusal });
    const source = open();
    const error = await failure(source.read(undefined, never));
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(SECRET);
    await source.close();
  });

  it('F33 that expire while running are refreshed once, and the read succeeds', async () => {
    let given = 0;
    const credentials = async () => {
      given += 1;
      return { accessKeyId: `AKID${given}`, secretAccessKey: SECRETS[0] ?? '' };
    };
    const source = open({ credentials });
    server.expireAllBut('AKID1');
    await source.read(undefined, never);
    server.expireAllBut('AKID2');
    expect(await source.read(undefined, never)).toMatchObject({ text });
    expect(server.calls.map(({ accessKeyId }) => accessKeyId)).toEqual(['AKID1', 'AKID1', 'AKID2']);
    // What was refreshed is remembered.
    await source.read(undefined, never);
    expect(given).toBe(2);
    await source.close();
  });

  it('F33 from the default chain are refreshed, too', async () => {
    withoutProfile();
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKID1');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', SECRETS[0]);
    const { endpoint, region } = connect(server);
    const source = ssmSource({ layout: 'single', path: PATH, endpoint, region });
    server.expireAllBut('AKID1');
    await source.read(undefined, never);
    server.expireAllBut('AKID2');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKID2');
    expect(await source.read(undefined, never)).toMatchObject({ text });
    await source.close();
  });

  it('are signed by the clock of AWS once that of this machine is found to be wrong', async () => {
    const ahead = await startSsmServer({ now: () => Date.now() + 60 * 60_000 });
    put(ahead, PATH, text);
    const source = open({ endpoint: ahead.endpoint });
    expect(await source.read(undefined, never)).toMatchObject({ text });
    expect(await source.read(undefined, never)).toMatchObject({ text });
    // The one that was refused is not counted as a call by the stand-in.
    expect(callsOf(ahead)).toHaveLength(2);
    await source.close();
    await ahead.stop();
  });

  it('F33 that stay expired are refused after one refresh', async () => {
    const source = open();
    server.expireAllBut('AKIDOTHER');
    const error = await failure(source.read(undefined, never));
    expect(error).toMatchObject({
      reason: 'unauthorized',
      retryable: false,
      message: expect.stringMatching(/have expired; renew/),
    });
    expect(callsOf(server)).toHaveLength(2);
    await source.close();
  });
});

describe('the caller’s signal', () => {
  it.each([
    ['F25 a server that never answers', { kind: 'hang' }],
    ['F24 a body that comes byte by byte', { kind: 'drip' }],
  ] as const)('%s is ended by it, on the wire, too', async (_name, fault) => {
    const source = open();
    server.fail(fault);
    const deadline = AbortSignal.timeout(100);
    const error = await failure(source.read(undefined, deadline));
    expect(error).toMatchObject({ reason: 'timeout', retryable: true });
    await vi.waitFor(async () => expect(await server.connections()).toBe(0));
    await source.close();
  });
});

describe('a client that is handed in', () => {
  it('is used and not closed', async () => {
    const client = new SSMClient({ ...connect(server), maxAttempts: 1 });
    const source = ssmSource({ layout: 'single', path: PATH, client });
    expect(await source.read(undefined, never)).toMatchObject({ text });
    const destroy = vi.spyOn(client, 'destroy');
    await source.close();
    expect(destroy).not.toHaveBeenCalled();
    client.destroy();
  });
});
