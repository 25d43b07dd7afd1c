import { once } from 'node:events';
import { type ClientHttp2Session, connect, createServer, type IncomingHttpHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { nodeListener, type NodeListenerOptions } from '../../src/node.ts';
import type { Handler } from './served-handler.ts';

async function session(handler: Handler, options: NodeListenerOptions = {}): Promise<ClientHttp2Session> {
  const server = createServer(nodeListener(handler, options) as never).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const made = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(async () => {
    made.close();
    await new Promise((resolve) => server.close(resolve));
  });
  return made;
}

interface Answer {
  readonly status: number | undefined;
  readonly text: string;
}

async function ask(from: ClientHttp2Session, headers: IncomingHttpHeaders, body?: string): Promise<Answer> {
  const stream = from.request({ ':path': '/', ...headers });
  stream.setEncoding('utf8').end(body);
  const [answered] = (await once(stream, 'response')) as [IncomingHttpHeaders & { readonly ':status'?: number }];
  let text = '';
  for await (const piece of stream) text += String(piece);
  return { status: answered[':status'], text };
}

const echo: Handler = async (request) =>
  Response.json({ host: new URL(request.url).host, body: await request.text(), tag: request.headers.get('x-tag') });

it('carries address, headers and a body of unstated length over', async () => {
  const { status, text } = await ask(
    await session(echo),
    { ':method': 'POST', ':authority': 'a.test', 'x-tag': 'a' },
    '{"force":true}',
  );
  expect(status).toBe(200);
  expect(JSON.parse(text)).toEqual({ host: 'a.test', body: '{"force":true}', tag: 'a' });
});

it('takes a POST without a body', async () => {
  const from = await session(echo);
  expect(JSON.parse((await ask(from, { ':method': 'POST' })).text)).toMatchObject({ body: '' });
  expect(JSON.parse((await ask(from, { ':method': 'POST', 'content-length': '0' })).text)).toMatchObject({ body: '' });
});

it('answers a body that is too long with 413, whether it says so or turns out to be', async () => {
  const from = await session(echo, { maxBodyBytes: 4 });
  expect((await ask(from, { ':method': 'POST' }, 'fives')).status).toBe(413);
  expect((await ask(from, { ':method': 'POST', 'content-length': '5' }, 'fives')).status).toBe(413);
  expect((await ask(from, { ':method': 'POST' }, 'four')).status).toBe(200);
});

it('leaves out the words of a status, which it has not', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  onTestFinished(() => warn.mockRestore());
  const from = await session(() => new Response('no', { status: 403, statusText: 'Not you' }));
  expect(await ask(from, {})).toEqual({ status: 403, text: 'no' });
  expect(warn).not.toHaveBeenCalled();
});
