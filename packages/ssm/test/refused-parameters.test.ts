// What AWS refuses of a parameter, each by the real SDK from a stand-in that refuses the same, and each with a sentence
// that says what to do.
import { type SsmPublisherOptions, ssmPublisher, ssmSource, type SsmSourceOptions } from '@clarity/flags-ssm';
import { type SsmServer, startSsmServer } from '@clarity/flags-stand-ins/ssm-server';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { connect, failure, PATH, put, storedSingle } from './ssm-harness.ts';

const never = new AbortController().signal;
const ARN = `arn:aws:ssm:us-east-1:123456789012:parameter${PATH}`;

let server: SsmServer;
beforeEach(async () => {
  server = await startSsmServer();
});
afterEach(() => server.stop());

/** A document of about this many bytes. */
function documentOf(bytes: number, description = ''): string {
  const text = (filling: string): string =>
    JSON.stringify({ schemaVersion: 1, flags: { a: { status: 'enabled', description: description + filling } } });
  return text('x'.repeat(Math.max(0, bytes - text('').length)));
}

function publisher(options: Partial<SsmPublisherOptions> = {}) {
  const one = ssmPublisher({ layout: 'single', path: PATH, ...connect(server), ...options });
  onTestFinished(() => one.close());
  return one;
}

function putAs(tier: 'Standard' | 'Advanced', value: string): void {
  server.store.put({ name: PATH, value, type: 'String', tier, overwrite: true }, Date.now());
}

const tierNow = (): string => server.store.find(PATH).tier;

describe('the tier', () => {
  it.each([undefined, 'standard', 'advanced'] as const)(
    'of a parameter that is advanced already stays, with the option %s',
    async (tier) => {
      putAs('Advanced', documentOf(200));
      await publisher(tier && { tier }).restore(documentOf(300), never);
      expect(storedSingle(server)?.text).toBe(documentOf(300));
      expect(tierNow()).toBe('Advanced');
    },
  );

  it('of a parameter that is advanced already holds 8 KB, for every option', async () => {
    putAs('Advanced', documentOf(200));
    const large = documentOf(6_000);
    await publisher().restore(large, never);
    expect(storedSingle(server)?.text).toBe(large);
    expect(tierNow()).toBe('Advanced');
  });

  it('of one that is standard, or not there yet, holds 4 KB: the larger document is refused with both sizes', async () => {
    const message = /has 6000 bytes and a parameter of the standard tier holds 4096; use tier "advanced", or layout/;
    expect(await failure(publisher().publish(documentOf(6_000), 'absent', never))).toMatchObject({
      reason: 'too-large',
      message: expect.stringMatching(message),
    });
    putAs('Standard', documentOf(200));
    expect((await failure(publisher().restore(documentOf(6_000), never))).message).toMatch(message);
    expect(storedSingle(server)?.text).toBe(documentOf(200));
  });

  it('that is advanced holds no more than 8 KB', async () => {
    putAs('Advanced', documentOf(200));
    const error = await failure(publisher().restore(documentOf(9_000), never));
    expect(error.message).toMatch(/has 9000 bytes .* use layout "chunked"$/);
  });
});

describe('AWS refuses', () => {
  it.each([
    ['Standard', 'single', 'standard'],
    ['Advanced', 'single', 'advanced'],
    ['Advanced', 'chunked', 'advanced'],
  ] as const)('more %s parameters than the account may have (%s)', async (limited, layout, tier) => {
    server.store.limits[limited] = 0;
    const error = await failure(publisher({ layout, tier }).publish(documentOf(100), 'absent', never));
    expect(error).toMatchObject({ reason: 'too-large', retryable: false });
    expect(error.message).toMatch(/has reached its number of parameters; delete some/);
  });

  it('{{ and }} in a value, which a chunked document does not have', async () => {
    const text = documentOf(100, 'Hello {{name}}');
    const error = await failure(publisher().publish(text, 'absent', never));
    expect(error).toMatchObject({ reason: 'invalid', retryable: false });
    expect(error.message).toMatch(/holds \{\{ and \}\}.*write one brace as \\u007b, or use layout "chunked"/);
    expect(error.message).not.toContain('Hello');
    await publisher().publish(text.replace('{{', '{\\u007b'), 'absent', never);
    await publisher({ layout: 'chunked', path: '/shop/chunked' }).publish(text, 'absent', never);
  });

  it('a new version of one whose oldest of 100 is labelled', async () => {
    for (let version = 1; version <= 100; version += 1) put(server, PATH, documentOf(200 + version));
    server.store.label(PATH, 1, ['stable']);
    const error = await failure(publisher().restore(documentOf(100), never));
    expect(error).toMatchObject({ reason: 'too-large', message: expect.stringMatching(/move that label/) });
  });

  it('another type than it has', async () => {
    put(server, PATH, documentOf(100));
    const error = await failure(publisher({ secure: true }).restore(documentOf(200), never));
    expect(error).toMatchObject({
      reason: 'invalid',
      message: expect.stringMatching(/make the option secure match it/),
    });
  });

  it.each([
    ['HierarchyLevelLimitExceededException', '', 'invalid', /more than the 15 levels.*choose a shorter path/],
    ['ParameterPatternMismatchException', '', 'invalid', /allowed pattern .*make it anew without the pattern/],
    ['InvalidAllowedPatternException', '', 'invalid', /allowed pattern/],
    ['IncompatiblePolicyException', '', 'invalid', /parameter policies do not allow this/],
    ['InvalidPolicyTypeException', '', 'invalid', /parameter policies/],
    ['InvalidPolicyAttributeException', '', 'invalid', /parameter policies/],
    ['PoliciesLimitExceededException', '', 'invalid', /parameter policies/],
    ['UnsupportedParameterType', '', 'invalid', /make it anew as a String or a SecureString/],
    [
      'ValidationException',
      `Parameter name: can't be prefixed with "ssm" (case-insensitive). If formed as a path, hunter2`,
      'invalid',
      /beginning with neither "aws" nor "ssm"/,
    ],
    [
      'ValidationException',
      `1 validation error detected: Value 'hunter2' at 'name' failed to satisfy constraint: Member must have length less than or equal to 2048`,
      'invalid',
      /longer than AWS takes; choose a shorter path/,
    ],
    [
      'ValidationException',
      'Standard tier parameters support a maximum parameter value of 4096 characters.',
      'too-large',
      /holds 4,096 bytes; use tier "advanced"/,
    ],
    [
      'ValidationException',
      'Advanced tier parameters support a maximum parameter value of 8192 characters.',
      'too-large',
      /holds 8,192 bytes; use layout "chunked"/,
    ],
    ['ValidationException', 'hunter2', 'invalid', /check the path, the tier and the size/],
  ])('with %s (%s)', async (type, message, reason, sentence) => {
    server.fail({ kind: 'refuse', type, message }, { operations: ['PutParameter'] });
    const error = await failure(publisher().publish(documentOf(100), 'absent', never));
    expect(error).toMatchObject({ reason, retryable: false, message: expect.stringMatching(sentence) });
    expect(error.message).not.toContain('hunter2');
  });
});

describe('the path', () => {
  const source = (options: Partial<SsmSourceOptions>) => {
    const one = ssmSource({ layout: 'single', path: ARN, ...connect(server), ...options } as SsmSourceOptions);
    onTestFinished(() => one.close());
    return one;
  };

  it('may be an ARN where a source asks for parameters by name, also with a version', async () => {
    put(server, PATH, documentOf(100));
    put(server, PATH, documentOf(200));
    expect(await source({}).read(undefined, never)).toMatchObject({ text: documentOf(200) });
    expect(await source({ layout: 'single', version: 1 }).read(undefined, never)).toMatchObject({
      text: documentOf(100),
    });
    await publisher({ layout: 'chunked', tier: 'standard' }).publish(documentOf(9_000), 'absent', never);
    expect(await source({ layout: 'chunked' }).read(undefined, never)).toMatchObject({ text: documentOf(9_000) });
  });

  it.each([
    [
      'a source of the layout per-flag',
      { layout: 'per-flag' },
      /allowed is a path, since AWS lists parameters by path only/,
    ],
    ['an ARN of something else', { path: 'arn:aws:s3:::flags' }, /an ARN such as "arn:aws:ssm/],
    ['an ARN of too many levels', { path: ARN + '/a'.repeat(14) }, /up to 15 levels/],
  ])('is not an ARN for %s', (_, options, message) => {
    expect(() => source(options as Partial<SsmSourceOptions>)).toThrow(message);
  });

  it.each([
    ['an ARN', ARN, /allowed is a path of the account of the credentials, since AWS writes by path only/],
    ['aws', '/aws/flags', /allowed is a name that does not begin with "aws" or "ssm"/],
    ['SSM', '/SSM-flags', /allowed is a name that does not begin with "aws" or "ssm"/],
  ])('of a publisher does not begin with %s, as AWS has it', (_, path, message) => {
    expect(() => publisher({ path })).toThrow(message);
    const put = (): unknown =>
      server.store.put({ name: path, value: 'x', type: 'String', overwrite: false }, Date.now());
    expect(put).toThrow(/ARN|prefixed/);
  });

  it.each([
    ['single', 15],
    ['per-flag', 14],
    ['chunked', 13],
  ] as const)('has as many levels as AWS takes, less those of the layout: %s %i', async (layout, most) => {
    source({ layout, path: '/a'.repeat(most) });
    expect(() => source({ layout, path: '/a'.repeat(most + 1) })).toThrow(`up to ${most} levels`);
    if (layout === 'per-flag') return;
    await publisher({ layout, path: '/a'.repeat(most) }).publish(documentOf(100), 'absent', never);
  });
});
