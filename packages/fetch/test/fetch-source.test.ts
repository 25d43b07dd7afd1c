import { describe, expect, it } from 'vitest';
import { fetchSource } from '../src/index.ts';

const never = new AbortController().signal;
const url = 'https://a.example/flags.json';
const json = { headers: { 'content-type': 'application/json' } };

/** A promise and what settles it. */
function gate<T>() {
  let open: (value: T) => void = () => undefined;
  const passed = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

/** A body of spaces without end, and how much of it was taken. */
function endless() {
  const taken = { bytes: 0 };
  const cancelled = gate<void>();
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      taken.bytes += 1_000;
      controller.enqueue(new Uint8Array(1_000).fill(0x20));
    },
    cancel: () => cancelled.open(),
  });
  return { body, taken, cancelled: cancelled.passed };
}

it.each([204, 205, 206])(
  'an answer of %i to a plain request is refused: it holds no whole document',
  async (status) => {
    const source = fetchSource({
      url,
      fetch: async () => new Response(status === 206 ? '{}' : null, { ...json, status }),
    });
    await expect(source.read(undefined, never)).rejects.toMatchObject({
      reason: 'invalid',
      notADocument: true,
      message: expect.stringContaining(`the server answered ${status} to a plain request`),
    });
  },
);

describe('a fetch of the user', () => {
  it('that ignores its signal cannot hold a read or close()', async () => {
    const source = fetchSource({ url, fetch: () => new Promise(() => undefined) });
    const stop = new AbortController();
    const stopped = source.read(undefined, stop.signal);
    const closed = source.read(undefined, never);
    stop.abort();
    await expect(stopped).rejects.toMatchObject({ _tag: 'StoreError', reason: 'timeout' });
    await source.close();
    await expect(closed).rejects.toMatchObject({ _tag: 'StoreError', reason: 'unavailable', retryable: false });
  });

  it('that answers after the stop has its body let go', async () => {
    const answer = gate<Response>();
    const { body, cancelled } = endless();
    const asked = gate<void>();
    const source = fetchSource({
      url,
      fetch: () => {
        asked.open();
        return answer.passed;
      },
    });
    const stop = new AbortController();
    const reading = source.read(undefined, stop.signal);
    await asked.passed;
    stop.abort();
    await expect(reading).rejects.toMatchObject({ reason: 'timeout' });
    answer.open(new Response(body, json));
    await cancelled;
  });

  it('whose body ignores the signal is let go', async () => {
    const cancelled = gate<void>();
    const begun = gate<void>();
    const body = new ReadableStream({ pull: () => begun.open(), cancel: () => cancelled.open() }, { highWaterMark: 0 });
    const source = fetchSource({ url, fetch: async () => new Response(body, json) });
    const stop = new AbortController();
    const reading = source.read(undefined, stop.signal);
    await begun.passed;
    stop.abort();
    await expect(reading).rejects.toMatchObject({ reason: 'timeout' });
    await cancelled.passed;
  });

  it('F20 whose body never ends is read to the limit and no further', async () => {
    const { body, taken, cancelled } = endless();
    const source = fetchSource({ url, maxBytes: 10_000, fetch: async () => new Response(body, json) });
    await expect(source.read(undefined, never)).rejects.toMatchObject({ reason: 'too-large' });
    await cancelled;
    expect(taken.bytes).toBeLessThanOrEqual(13_000);
  });

  it('that throws at once is a StoreError', async () => {
    const source = fetchSource({
      url,
      fetch: () => {
        throw new Error('https://a.example/flags.json?token=hunter2');
      },
    });
    const error: unknown = await source.read(undefined, never).catch((rejection: unknown) => rejection);
    expect(error).toMatchObject({ _tag: 'StoreError', reason: 'unavailable' });
    expect((error as Error).cause).toBeUndefined();
    expect(String(error)).not.toContain('hunter2');
  });

  it('that follows redirects by itself as browsers do is told apart', async () => {
    // A redirect that a browser hides has neither status nor headers.
    const hidden = Object.defineProperty(Response.error(), 'type', { value: 'opaqueredirect' });
    const source = fetchSource({ url, fetch: async () => hidden });
    await expect(source.read(undefined, never)).rejects.toMatchObject({
      reason: 'invalid',
      notADocument: true,
      message: expect.stringContaining('does not say where to'),
    });
  });
});

describe('many reads at once', () => {
  it('do not pile up listeners on the signal of their caller', async () => {
    const source = fetchSource({ url, fetch: async () => new Response('{}', json) });
    const stop = new AbortController();
    let listening = 0;
    const { signal } = stop;
    const counted = new Proxy(signal, {
      get(target, property) {
        if (property === 'addEventListener') {
          return (...listener: Parameters<AbortSignal['addEventListener']>) => {
            listening += 1;
            target.addEventListener(...listener);
          };
        }
        if (property === 'removeEventListener') {
          return (...listener: Parameters<AbortSignal['removeEventListener']>) => {
            listening -= 1;
            target.removeEventListener(...listener);
          };
        }
        const value: unknown = Reflect.get(target, property, target);
        return value;
      },
    });
    await Promise.all(Array.from({ length: 50 }, () => source.read(undefined, counted)));
    expect(listening).toBe(0);
  });
});

describe('F61 a framework that wraps fetch', () => {
  it('is told not to answer out of its own cache', async () => {
    const asked: (RequestInit | undefined)[] = [];
    const source = fetchSource({
      url,
      fetch: async (_address, init) => {
        asked.push(init);
        return new Response('{}', json);
      },
    });
    await source.read(undefined, never);
    expect(asked.map((init) => [init?.cache, init !== undefined && 'next' in init])).toEqual([['no-store', false]]);
  });

  it('and calls the request off is not a failure of the network', async () => {
    const thrown = Object.assign(new Error(`no-store fetch ${url}?key=hunter2`), { digest: 'DYNAMIC_SERVER_USAGE' });
    const source = fetchSource({ url, fetch: () => Promise.reject(thrown) });
    const error: unknown = await source.read(undefined, never).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ _tag: 'StoreError', calledOff: true, retryable: false });
    expect(String(error) + String((error as Error).cause)).not.toContain('hunter2');
  });
});
