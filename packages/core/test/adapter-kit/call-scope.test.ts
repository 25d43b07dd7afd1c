import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { CallScope } from '../../src/adapter-kit/call-scope.ts';

const hangs = (): Promise<never> => new Promise(() => {});

describe('a call', () => {
  it('comes to what its work comes to, and leaves nothing on the signal', async () => {
    const scope = new CallScope('the store s');
    const { signal } = new AbortController();
    expect(await scope.run('read s', signal, () => Promise.resolve(7))).toBe(7);
    await expect(scope.run('read s', signal, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('is stopped by its caller, and its work sees that', async () => {
    const scope = new CallScope('the store s');
    const caller = new AbortController();
    let seen: AbortSignal | undefined;
    const call = scope.run('read s', caller.signal, (signal) => {
      seen = signal;
      return hangs();
    });
    caller.abort();
    await expect(call).rejects.toMatchObject({ reason: 'timeout', message: expect.stringContaining('read s') });
    expect(seen?.aborted).toBe(true);
  });

  it('does not begin when its caller has left already, or gives no signal', async () => {
    const scope = new CallScope('the store s');
    let begun = 0;
    const work = async (): Promise<void> => void (begun += 1);
    await expect(scope.run('read s', AbortSignal.abort(), work)).rejects.toMatchObject({ reason: 'timeout' });
    for (const none of [undefined, null, {}]) {
      await expect(scope.run('read s', none as never, work)).rejects.toThrow(TypeError);
      await expect(scope.run('read s', none as never, work)).rejects.toThrow('cannot read s without a signal');
    }
    expect(begun).toBe(0);
  });
});

it('a scope that closes ends its calls, and refuses new ones', async () => {
  const scope = new CallScope('the store s');
  const { signal } = new AbortController();
  const call = scope.run('read s', signal, hangs);
  scope.close();
  await expect(call).rejects.toMatchObject({ reason: 'unavailable' });
  await expect(scope.run('read s', signal, () => Promise.resolve(1))).rejects.toThrow('the store s is closed');
  scope.close();
});
