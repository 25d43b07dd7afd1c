import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { upstashSource } from '../src/cloudflare.ts';

const NEVER = new AbortController().signal;
const text = '{"schemaVersion":1,"flags":{"a":{"status":"enabled"}}}';

/** A server of the REST API that holds one document, and says that an answer is this old. */
async function sourceOver(age?: string) {
  const server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const part of request) body += String(part);
      const [, , ...fields] = JSON.parse(body) as string[];
      const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
      const record: Record<string, string> = {
        epoch: '1000',
        v: '1',
        sha256: Buffer.from(digest).toString('hex'),
        at: '1000',
        bytes: String(text.length),
        doc: text,
      };
      if (age !== undefined) response.setHeader('age', age);
      response.end(JSON.stringify({ result: fields.map((field) => record[field] ?? null) }));
    })();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return upstashSource({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 'token' });
}

afterEach(() => void vi.restoreAllMocks());

describe('F61 a read by fetch alone', () => {
  it('tells frameworks that wrap fetch not to keep its answer', async () => {
    const asked = vi.spyOn(globalThis, 'fetch');
    await (await sourceOver()).read(undefined, NEVER);
    expect(asked.mock.calls.map(([, init]) => [init?.cache, init && 'next' in init])).toEqual([['no-store', false]]);
  });

  it('is as old as an answer that something on the way has kept', async () => {
    expect(await (await sourceOver('120')).read(undefined, NEVER)).toMatchObject({ kind: 'document', ageMs: 120_000 });
    const known = { epoch: 1000, version: 1, hash: 'x' };
    expect(await (await sourceOver('7')).read(known as never, NEVER)).toMatchObject({ ageMs: 7_000 });
    for (const none of [undefined, '0', 'soon', '-5']) {
      expect(await (await sourceOver(none)).read(undefined, NEVER)).not.toHaveProperty('ageMs');
    }
  });

  it('passes on that a framework called it off, without the address in the words of the framework', async () => {
    const source = await sourceOver();
    const thrown = Object.assign(new Error('no-store fetch https://hunter2.upstash.io'), {
      digest: 'DYNAMIC_SERVER_USAGE',
    });
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(thrown);
    const error: unknown = await source.read(undefined, NEVER).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ _tag: 'StoreError', calledOff: true, retryable: false });
    expect(String(error) + String((error as Error).cause)).not.toContain('hunter2');
  });
});
