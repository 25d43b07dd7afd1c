import { describe, expect, it } from 'vitest';
import { readJson } from '../src/index.ts';

const asJson = { 'content-type': 'application/json' };
const carrying = (body: string | ReadableStream<Uint8Array> | null, headers: Record<string, string> = asJson) =>
  new Request('http://face.test/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit);

async function refusalOf(request: Request, maxBytes = 10): Promise<number | undefined> {
  const body = await readJson(request, maxBytes);
  if (!('refusal' in body)) return undefined;
  expect(body.refusal.headers.get('content-type')).toBe('application/problem+json');
  return body.refusal.status;
}

describe('a body', () => {
  it.each([
    ['{"a":"ä"}', { a: 'ä' }],
    ['null', null],
    [' [1] ', [1]],
  ])('%j is read', async (text, json) => {
    expect(await readJson(carrying(text), 10)).toEqual({ json });
  });

  it('that comes in pieces is read whole, a character across two of them included', async () => {
    const bytes = new TextEncoder().encode('"ä"');
    const pieces = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    expect(await readJson(carrying(pieces), 10)).toEqual({ json: 'ä' });
  });

  it.each(['application/json; charset=utf-8', 'Application/JSON', 'application/json ;x'])(
    'may say that it is %s',
    async (type) => {
      expect(await readJson(carrying('1', { 'content-type': type }), 10)).toEqual({ json: 1 });
    },
  );

  it.each([null, '', '  \n'])('that is %j is absent', async (body) => {
    expect(await readJson(carrying(body, {}), 10)).toEqual({ absent: true });
  });

  it('of exactly the limit is read, and of one byte more refused', async () => {
    expect(await refusalOf(carrying('12345678'), 8)).toBeUndefined();
    expect(await refusalOf(carrying('123456789'), 8)).toBe(413);
    expect(await refusalOf(carrying('"ääää"'), 8)).toBe(413);
  });

  it.each([
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/jsonp' },
    { 'content-type': 'x; application/json' },
  ])('with %j is refused with 415', async (headers) => {
    expect(await refusalOf(carrying('{}', headers))).toBe(415);
  });

  it('that is not JSON is refused with 400', async () => {
    expect(await refusalOf(carrying('{"a"'))).toBe(400);
  });

  it('that never ends is read no further than its limit, and its sender is told', async () => {
    let sent = 0;
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1;
        controller.enqueue(new Uint8Array(4).fill(32));
      },
      cancel: () => {
        cancelled = true;
      },
    });
    expect(await refusalOf(carrying(endless))).toBe(413);
    expect(sent).toBeLessThan(6);
    expect(cancelled).toBe(true);
  });

  it('that was read before is an error that says what to do', async () => {
    const request = carrying('{}');
    await request.text();
    await expect(readJson(request, 10)).rejects.toThrow('reads that of request.clone()');
  });
});
