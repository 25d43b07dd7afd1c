// The stand-in, as the real SDK sees it.
import {
  DeleteParameterCommand,
  DeleteParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  LabelParameterVersionCommand,
  paginateGetParametersByPath,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
  UnlabelParameterVersionCommand,
} from '@aws-sdk/client-ssm';
import { type SsmServer, startSsmServer } from '@clarity/flags-stand-ins/ssm-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let server: SsmServer;
let ssm: SSMClient;

beforeEach(async () => {
  server = await startSsmServer();
  ssm = new SSMClient({
    region: server.region,
    endpoint: server.endpoint,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' },
  });
});
afterEach(async () => {
  ssm.destroy();
  await server.stop();
});

const put = (input: Partial<PutParameterCommandInput>) =>
  ssm.send(new PutParameterCommand({ Name: '/flags/a', Value: 'x', Type: 'String', ...input }));

describe('parameters', () => {
  it('are put, read in versions, and never twice without Overwrite', async () => {
    expect(await put({})).toMatchObject({ Version: 1, Tier: 'Standard' });
    await expect(put({ Value: 'y' })).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
    expect(await put({ Value: 'y', Overwrite: true })).toMatchObject({ Version: 2 });
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/flags/a:1' }));
    expect(Parameter).toMatchObject({
      Name: '/flags/a',
      Value: 'x',
      Version: 1,
      Selector: ':1',
      Type: 'String',
      DataType: 'text',
      ARN: 'arn:aws:ssm:us-east-1:123456789012:parameter/flags/a',
    });
    expect(Parameter?.LastModifiedDate).toBeInstanceOf(Date);
    await expect(ssm.send(new GetParameterCommand({ Name: '/flags/a:9' }))).rejects.toMatchObject({
      name: 'ParameterVersionNotFound',
    });
    await expect(ssm.send(new GetParameterCommand({ Name: '/none' }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
  });

  it('are read ten at a time, with those that are not there named', async () => {
    await put({});
    const { Parameters, InvalidParameters } = await ssm.send(
      new GetParametersCommand({ Names: ['/flags/a', '/none', '/flags/a:7'] }),
    );
    expect(Parameters?.map(({ Name }) => Name)).toEqual(['/flags/a']);
    expect(InvalidParameters).toEqual(['/none', '/flags/a:7']);
    const eleven = Array.from({ length: 11 }, (_, n) => `/p${n}`);
    await expect(ssm.send(new GetParametersCommand({ Names: eleven }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('that are SecureStrings are ciphertext until they are decrypted', async () => {
    await put({ Type: 'SecureString', Value: 'secret value' });
    const hidden = await ssm.send(new GetParameterCommand({ Name: '/flags/a' }));
    expect(hidden.Parameter?.Value).not.toContain('secret value');
    const shown = await ssm.send(new GetParameterCommand({ Name: '/flags/a', WithDecryption: true }));
    expect(shown.Parameter?.Value).toBe('secret value');
    await expect(put({ Type: 'String', Overwrite: true })).rejects.toMatchObject({
      name: 'HierarchyTypeMismatchException',
    });
  });

  it('are deleted, and begin anew at version 1', async () => {
    await put({});
    await put({ Overwrite: true });
    await ssm.send(new DeleteParameterCommand({ Name: '/flags/a' }));
    await expect(ssm.send(new DeleteParameterCommand({ Name: '/flags/a' }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
    expect(await put({})).toMatchObject({ Version: 1 });
    expect(await ssm.send(new DeleteParametersCommand({ Names: ['/flags/a', '/none'] }))).toMatchObject({
      DeletedParameters: ['/flags/a'],
      InvalidParameters: ['/none'],
    });
  });

  it.each(['', 'no spaces', '/a//b', '/a/', 'a/b', '/aws/x', 'ssm-x', `/${'x'.repeat(1_011)}`])(
    'are not named %o',
    async (Name) => {
      await expect(put({ Name })).rejects.toMatchObject({ name: 'ValidationException' });
    },
  );
});

describe('tiers', () => {
  it('hold 4 KB and 8 KB', async () => {
    expect(await put({ Value: 'x'.repeat(4_096) })).toMatchObject({ Tier: 'Standard' });
    await expect(put({ Value: 'x'.repeat(4_097), Overwrite: true })).rejects.toThrow(
      /Standard tier parameters support a maximum/,
    );
    expect(await put({ Value: 'x'.repeat(8_192), Tier: 'Advanced', Overwrite: true })).toMatchObject({
      Tier: 'Advanced',
    });
    await expect(put({ Value: 'x'.repeat(8_193), Overwrite: true })).rejects.toThrow(
      /Advanced tier parameters support a maximum/,
    );
  });

  it('are never turned back, and chosen by size where that is asked', async () => {
    await put({ Tier: 'Advanced' });
    await expect(put({ Tier: 'Standard', Overwrite: true })).rejects.toThrow(/can't downgrade/);
    expect(await put({ Overwrite: true })).toMatchObject({ Tier: 'Advanced' });
    const name = '/flags/b';
    expect(await put({ Name: name, Tier: 'Intelligent-Tiering' })).toMatchObject({ Tier: 'Standard' });
    const large = { Name: name, Value: 'x'.repeat(5_000), Tier: 'Intelligent-Tiering', Overwrite: true } as const;
    expect(await put(large)).toMatchObject({ Tier: 'Advanced' });
  });
});

describe('versions and labels', () => {
  it('a label picks a version and moves', async () => {
    await put({ Value: 'one' });
    await put({ Value: 'two', Overwrite: true });
    const label = (ParameterVersion: number, Labels: string[]) =>
      ssm.send(new LabelParameterVersionCommand({ Name: '/flags/a', ParameterVersion, Labels }));
    expect(await label(1, ['stable', '1bad', 'aws-bad'])).toMatchObject({
      InvalidLabels: ['1bad', 'aws-bad'],
      ParameterVersion: 1,
    });
    const read = async () => (await ssm.send(new GetParameterCommand({ Name: '/flags/a:stable' }))).Parameter;
    expect(await read()).toMatchObject({ Value: 'one', Selector: ':stable' });
    await label(2, ['stable']);
    expect(await read()).toMatchObject({ Value: 'two' });
    await ssm.send(new UnlabelParameterVersionCommand({ Name: '/flags/a', ParameterVersion: 2, Labels: ['stable'] }));
    await expect(read()).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
    const eleven = Array.from({ length: 10 }, (_, n) => `l${n}`);
    await label(1, eleven);
    await expect(label(1, ['one-more'])).rejects.toMatchObject({ name: 'ParameterVersionLabelLimitExceeded' });
  });

  it('the history has the last hundred versions, in pages, oldest first', async () => {
    for (let n = 1; n <= 105; n += 1) {
      server.store.put(
        { name: '/flags/a', value: `v${n}`, type: 'String', overwrite: true, description: `number ${n}` },
        Date.now(),
      );
    }
    const versions: number[] = [];
    let NextToken: string | undefined;
    do {
      const page = await ssm.send(new GetParameterHistoryCommand({ Name: '/flags/a', NextToken }));
      versions.push(...(page.Parameters ?? []).map(({ Version = 0 }) => Version));
      expect(page.Parameters?.[0]).toMatchObject({
        Description: `number ${page.Parameters?.[0]?.Version}`,
        Tier: 'Standard',
      });
      ({ NextToken } = page);
    } while (NextToken !== undefined);
    expect(versions).toEqual(Array.from({ length: 100 }, (_, n) => n + 6));
  });

  it('F34 no 101st version is made while the oldest is labelled', async () => {
    for (let n = 0; n < 100; n += 1)
      server.store.put({ name: '/flags/a', value: 'x', type: 'String', overwrite: true }, Date.now());
    server.store.label('/flags/a', 1, ['first']);
    await expect(put({ Overwrite: true })).rejects.toMatchObject({ name: 'ParameterMaxVersionLimitExceeded' });
    server.store.label('/flags/a', 2, ['first']);
    expect(await put({ Overwrite: true })).toMatchObject({ Version: 101 });
    await expect(put({ Overwrite: true })).rejects.toMatchObject({ name: 'ParameterMaxVersionLimitExceeded' });
  });
});

describe('pages', () => {
  beforeEach(() => {
    for (let n = 0; n < 25; n += 1) {
      server.store.put(
        { name: `/flags/f${String(n).padStart(2, '0')}`, value: `${n}`, type: 'String', overwrite: false },
        Date.now(),
      );
    }
    server.store.put({ name: '/flags/deep/er', value: 'd', type: 'String', overwrite: false }, Date.now());
    server.store.put({ name: '/flagship', value: 'no', type: 'String', overwrite: false }, Date.now());
  });

  async function namesBelow(Path: string, Recursive = false): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const page of paginateGetParametersByPath({ client: ssm }, { Path, Recursive })) {
      names.push(...(page.Parameters ?? []).map(({ Name = '' }) => Name));
    }
    return names;
  }

  it('hold ten, and are all there is below the path', async () => {
    expect(await namesBelow('/flags')).toHaveLength(25);
    expect(await namesBelow('/flags', true)).toContain('/flags/deep/er');
    expect(server.calls).toHaveLength(3 + 3);
    const first = await ssm.send(new GetParametersByPathCommand({ Path: '/flags', MaxResults: 5 }));
    expect(first.Parameters).toHaveLength(5);
  });

  it('F29 may be empty and have a next token', async () => {
    server.pageOddly('empty-pages');
    expect(await namesBelow('/flags')).toHaveLength(25);
    expect(server.calls).toHaveLength(6);
  });

  it('are refused with more than ten, a foreign token, or a path without a slash', async () => {
    const page = (input: object) => ssm.send(new GetParametersByPathCommand({ Path: '/flags', ...input }));
    await expect(page({ MaxResults: 11 })).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(page({ NextToken: 'nonsense' })).rejects.toMatchObject({ name: 'InvalidNextToken' });
    await expect(page({ Path: 'flags' })).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(page({ ParameterFilters: [{ Key: 'Type', Values: ['String'] }] })).rejects.toMatchObject({
      name: 'InvalidFilterKey',
    });
  });

  it('F30 give no snapshot: a write between two of them shows', async () => {
    server.before('GetParametersByPath', () =>
      server.before('GetParametersByPath', () => void server.store.delete('/flags/f24')),
    );
    expect(await namesBelow('/flags')).toHaveLength(24);
  });
});

describe('requests', () => {
  it('without a signature, or with one for elsewhere, are refused', async () => {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonSSM.GetParameter' };
    const bare = await fetch(server.endpoint, { method: 'POST', headers, body: '{"Name":"/flags/a"}' });
    expect(bare.status).toBe(400);
    expect(await bare.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
    const elsewhere = new SSMClient({
      region: 'eu-west-1',
      endpoint: server.endpoint,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
    });
    await expect(elsewhere.send(new GetParameterCommand({ Name: '/flags/a' }))).rejects.toThrow(
      /scoped to a valid region, not 'eu-west-1'/,
    );
    elsewhere.destroy();
  });

  it('above the rate of the account are throttled, and the SDK tries them again', async () => {
    await put({});
    let nowMs = Date.now();
    const limited = await startSsmServer({ now: () => nowMs });
    limited.store.put({ name: '/flags/a', value: 'x', type: 'String', overwrite: false }, nowMs);
    limited.limitRate(40);
    const client = new SSMClient({
      region: 'us-east-1',
      endpoint: limited.endpoint,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
    });
    const read = () => client.send(new GetParameterCommand({ Name: '/flags/a' }));
    for (let n = 0; n < 40; n += 1) await read();
    await expect(read()).rejects.toMatchObject({ name: 'ThrottlingException' });
    nowMs += 25;
    await read();
    await expect(read()).rejects.toMatchObject({ name: 'ThrottlingException' });
    client.destroy();
    await limited.stop();
    server.fail({ kind: 'refuse', type: 'ThrottlingException' }, { times: 2 });
    expect((await ssm.send(new GetParameterCommand({ Name: '/flags/a' }))).$metadata.attempts).toBe(3);
  });

  it('are logged with their operation, body and access key', async () => {
    await put({});
    expect(server.calls).toEqual([
      {
        operation: 'PutParameter',
        body: { Name: '/flags/a', Value: 'x', Type: 'String' },
        accessKeyId: 'AKIDEXAMPLE',
        sessionToken: 'token',
      },
    ]);
    server.forgetCalls();
    expect(server.calls).toEqual([]);
  });
});
