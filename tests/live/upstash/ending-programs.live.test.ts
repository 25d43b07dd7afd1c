// What an adapter keeps open must not keep a program alive.
import { startSsmServer } from '@clarity/flags-testing/ssm-server';
import { ssmPublisher } from '@clarity/flags-ssm';
import { upstashPublisher } from '@clarity/flags-upstash';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { documentText } from '../redis/watched-client.ts';
import { startProgram } from '../support/program.ts';
import { openPlace, startSharedRedis, stopSharedRedis } from './upstash-harness.ts';

const never = new AbortController().signal;

beforeAll(startSharedRedis);
afterAll(stopSharedRedis);

describe.each(['yes', 'no'])('a program that closes its client: %s', (closes) => {
  it('ends by itself after following Upstash, stream and all', async () => {
    const { server, connect } = await openPlace();
    onTestFinished(() => server.stop());
    const publisher = upstashPublisher({ ...connect, namespace: 'feature_flags' });
    await publisher.restore(documentText(1), never);
    const program = startProgram('tests/live/upstash/ending-program.ts', {
      UPSTASH_REDIS_REST_URL: server.url,
      UPSTASH_REDIS_REST_TOKEN: server.token,
      CLOSES: closes,
    });
    onTestFinished(program.kill);
    await program.says(/is_1 true/);
    expect(await program.ends()).toBe(0);
  });

  it('ends by itself after reading from SSM', async () => {
    const server = await startSsmServer();
    onTestFinished(() => server.stop());
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
    const publisher = ssmPublisher({
      layout: 'chunked',
      path: '/flags',
      endpoint: server.endpoint,
      region: server.region,
      credentials,
    });
    await publisher.restore(documentText(1), never);
    await publisher.close();
    const program = startProgram('tests/live/ssm/ending-program.ts', {
      SSM_ENDPOINT: server.endpoint,
      AWS_REGION: server.region,
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      CLOSES: closes,
    });
    onTestFinished(program.kill);
    await program.says(/is_1 true/);
    expect(await program.ends()).toBe(0);
  });
});
