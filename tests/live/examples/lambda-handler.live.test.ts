// The handler of the example as Lambda runs it: in a process of its own, that is started for an event and frozen after
// it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { type SsmServer, startSsmServer } from '@clarity/flags-stand-ins/ssm-server';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { demandBuiltPackages } from '../support/built-packages.ts';
import { exampleFolder } from '../support/example.ts';

/** Hands each line to the handler as an event, and ends when there are no more. */
const RUNTIME = `
  const { handler } = await import('./handler.ts');
  const { createInterface } = await import('node:readline');
  for await (const line of createInterface({ input: process.stdin })) {
    const { body } = await handler(JSON.parse(line));
    console.log(body);
  }`;
const event = `${JSON.stringify({ queryStringParameters: { user: 'u1' } })}\n`;

let ssm: SsmServer;
const environments: ChildProcess[] = [];

beforeEach(async () => {
  ssm = await startSsmServer();
});

afterEach(async () => {
  for (const one of environments.splice(0)) one.kill('SIGKILL');
  await ssm.stop();
});

const shipped = await readFile(join(exampleFolder('lambda-ssm'), 'flags.json'), 'utf8');
const freeShipping = shipped.replace('"disabled"', '"enabled"');

function put(value: string): void {
  ssm.store.put({ name: '/shop/flags', value, type: 'String', overwrite: true }, Date.now());
}

/** An execution environment, its input open. */
function start(variables: Readonly<Record<string, string>> = {}) {
  demandBuiltPackages();
  const child = spawn(process.execPath, ['--input-type=module', '--eval', RUNTIME], {
    cwd: exampleFolder('lambda-ssm'),
    env: {
      ...process.env,
      AWS_ENDPOINT_URL_SSM: ssm.endpoint,
      AWS_REGION: ssm.region,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      ENVIRONMENT: 'production',
      ...variables,
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  environments.push(child);
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    send: () => child.stdin.write(event),
    answer: async (): Promise<unknown> => JSON.parse(String((await answers.next()).value)),
    /** The exit code, once there is nothing more to do. */
    end: async (): Promise<number | null> => {
      const ended = once(child, 'close');
      child.stdin.end();
      await ended;
      return child.exitCode;
    },
  };
}

it('has its flags before its first answer, by one read for each start, and holds no process', async () => {
  const invoke = async (): Promise<unknown> => {
    const environment = start();
    environment.send();
    const answer = await environment.answer();
    expect(await environment.end()).toBe(0);
    return answer;
  };
  put(shipped);
  expect(await invoke()).toEqual({ checkout: 'one page', shipping: 4.9, flags: 'fresh' });
  put(freeShipping);
  expect(await invoke()).toEqual({ checkout: 'one page', shipping: 0, flags: 'fresh' });
  expect(ssm.calls.map(({ operation }) => operation)).toEqual(['GetParameter', 'GetParameter']);

  ssm.fail({ kind: 'deny' });
  expect(await invoke()).toEqual({ checkout: 'three pages', shipping: 4.9, flags: 'never' });
});

it('F48 reads before it answers when it was frozen until its flags were stale', async () => {
  put(shipped);
  const staleAfterMs = 6_000;
  const environment = start({
    FEATURE_FLAG_REFRESH_INTERVAL: '1',
    FEATURE_FLAG_STALE_THRESHOLD: String(staleAfterMs / 1_000),
  });
  environment.send();
  expect(await environment.answer()).toEqual({ checkout: 'one page', shipping: 4.9, flags: 'fresh' });

  environment.child.kill('SIGSTOP');
  put(freeShipping);
  // Only time itself makes flags stale in a process that stands still.
  await pause(staleAfterMs + 200);
  environment.send();
  environment.child.kill('SIGCONT');
  expect(await environment.answer()).toEqual({ checkout: 'one page', shipping: 0, flags: 'fresh' });
  expect(await environment.end()).toBe(0);
});
