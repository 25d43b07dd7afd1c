import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkedStreamLimits, EventStream, eventText, type StreamLimits } from '../../src/index.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const decoder = new TextDecoder();

/** One caller's end of a stream. */
class Caller {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  constructor(body: ReadableStream<Uint8Array> | undefined) {
    if (body === undefined) throw new Error('there are as many callers as may be');
    this.#reader = body.getReader();
  }
  /** What comes next; undefined at the end. */
  async reads(): Promise<string | undefined> {
    const { done, value } = await this.#reader.read();
    return done ? undefined : decoder.decode(value);
  }
  leaves(): Promise<void> {
    return this.#reader.cancel();
  }
}

function streaming(given: Partial<StreamLimits> = {}) {
  const end = vi.fn<() => void>();
  const calls = {
    begin: vi.fn<() => () => void>(() => end),
    beat: vi.fn<() => string>(() => 'beat'),
    onDropped: vi.fn<() => void>(),
    report: vi.fn<(error: unknown) => void>(),
  };
  const limits = checkedStreamLimits({ heartbeatMs: 1_000, ...given });
  const stream = new EventStream({ limits, ...calls });
  return { ...calls, end, stream, comes: (first = 'hello') => new Caller(stream.open(() => first)) };
}

describe('an event stream', () => {
  it('sends each caller a text when it comes, and all of them what follows', async () => {
    const { stream, comes } = streaming();
    const one = comes('to one');
    stream.send('to one alone');
    const other = comes('to the other');
    stream.send('to both');
    expect([await one.reads(), await one.reads(), await one.reads()]).toEqual(['to one', 'to one alone', 'to both']);
    expect([await other.reads(), await other.reads()]).toEqual(['to the other', 'to both']);
  });

  it('sends nothing for an empty text', async () => {
    const { stream, comes } = streaming();
    const one = comes();
    stream.send('');
    stream.send('next');
    expect([await one.reads(), await one.reads()]).toEqual(['hello', 'next']);
  });

  it('has one timer for all callers, and none without callers', async () => {
    const { stream, comes, begin, end } = streaming();
    expect(vi.getTimerCount()).toBe(0);
    const callers = [comes(), comes(), comes()];
    expect([stream.clients, vi.getTimerCount()]).toEqual([3, 1]);
    expect(begin).toHaveBeenCalledOnce();
    await callers[0]?.leaves();
    expect(end).not.toHaveBeenCalled();
    await callers[1]?.leaves();
    await callers[2]?.leaves();
    expect([stream.clients, vi.getTimerCount()]).toEqual([0, 0]);
    expect(end).toHaveBeenCalledOnce();
    comes();
    expect(begin).toHaveBeenCalledTimes(2);
  });

  it('sends what the beat says with each heartbeat', async () => {
    const { comes, beat } = streaming();
    const one = comes();
    vi.advanceTimersByTime(2_000);
    expect([await one.reads(), await one.reads(), await one.reads()]).toEqual(['hello', 'beat', 'beat']);
    expect(beat).toHaveBeenCalledTimes(2);
  });

  it('reports a beat that throws, and goes on with the next', async () => {
    const { comes, beat, report } = streaming();
    const one = comes();
    beat.mockImplementationOnce(() => {
      throw new Error('not now');
    });
    vi.advanceTimersByTime(2_000);
    expect(report).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ message: 'not now' }));
    expect([await one.reads(), await one.reads()]).toEqual(['hello', 'beat']);
  });

  it('takes as many callers as may be, and the next when one has left', async () => {
    const { stream, comes } = streaming({ maxClients: 2 });
    const one = comes();
    comes();
    expect(stream.open(() => '')).toBeUndefined();
    await one.leaves();
    expect(await comes('there is room').reads()).toBe('there is room');
  });

  it('does not count a caller whose first text could not be made', async () => {
    const { stream } = streaming();
    expect(() =>
      stream.open(() => {
        throw new Error('no state');
      }),
    ).toThrow('no state');
    expect([stream.clients, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('drops a caller that has more unread than may be, and tells after it was counted', async () => {
    const { stream, comes, onDropped } = streaming({ maxBufferedBytes: 1_024 });
    const slow = comes();
    const quick = comes();
    onDropped.mockImplementation(() => expect(stream.dropped).toBe(1));
    for (const text of ['x'.repeat(2_000), 'more']) {
      await quick.reads();
      stream.send(text);
    }
    expect([stream.clients, stream.dropped]).toEqual([1, 1]);
    expect(onDropped).toHaveBeenCalledOnce();
    await expect(slow.reads()).rejects.toThrow('did not read');
  });

  it('drops a caller that lets five heartbeats pile up, and not one that reads in between', async () => {
    const { stream, comes } = streaming();
    const dead = comes();
    const slow = comes();
    for (let beat = 0; beat < 4; beat += 1) vi.advanceTimersByTime(1_000);
    for (let read = 0; read < 5; read += 1) await slow.reads();
    expect(stream.dropped).toBe(0);
    vi.advanceTimersByTime(1_000);
    expect([stream.clients, stream.dropped]).toEqual([1, 1]);
    await expect(dead.reads()).rejects.toThrow('did not read');
    expect(await slow.reads()).toBe('beat');
  });

  it('ends after an hour', async () => {
    const { stream, comes } = streaming({ heartbeatMs: 600_000 });
    const one = comes();
    for (let beat = 0; beat < 6; beat += 1) {
      await one.reads();
      vi.advanceTimersByTime(600_000);
    }
    expect(await one.reads()).toBeUndefined();
    expect(stream.clients).toBe(0);
  });

  it('ends for everybody when it is closed, and may begin again', async () => {
    const { stream, comes } = streaming();
    const one = comes();
    await one.reads();
    stream.close();
    expect(await one.reads()).toBeUndefined();
    expect([stream.clients, vi.getTimerCount()]).toEqual([0, 0]);
    expect(await comes('again').reads()).toBe('again');
  });

  it('cuts who let two heartbeats pile up when it is closed, so that no server waits', async () => {
    const { stream, comes } = streaming();
    const frozen = comes();
    for (let beat = 0; beat < 2; beat += 1) vi.advanceTimersByTime(1_000);
    stream.close();
    await expect(frozen.reads()).rejects.toThrow('did not read');
    expect(stream.dropped).toBe(1);
  });
});

it('an event is written as the standard says', () => {
  expect(eventText('flags', '{"a":1}')).toBe('event: flags\ndata: {"a":1}\n\n');
});
