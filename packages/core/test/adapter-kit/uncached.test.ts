import { expect, it, onTestFinished, vi } from 'vitest';

async function fresh(): Promise<() => object> {
  vi.resetModules();
  return (await import('../../src/adapter-kit/uncached.ts')).uncached;
}

it('a read asks past the caches of a framework, each time alike', async () => {
  const uncached = await fresh();
  expect(uncached()).toEqual({ cache: 'no-store' });
  expect(uncached()).toBe(uncached());
});

it('a read says nothing of caches where the runtime refuses the option, and asks the runtime once', async () => {
  const asked = vi.fn<(init: object) => void>();
  function refusing(_address: string, init: object): never {
    asked(init);
    throw new TypeError('The "cache" field on "RequestInitializerDict" is not implemented.');
  }
  vi.stubGlobal('Request', refusing);
  onTestFinished(() => void vi.unstubAllGlobals());
  const uncached = await fresh();
  expect(uncached()).toEqual({});
  expect(uncached()).toEqual({});
  expect(asked).toHaveBeenCalledExactlyOnceWith({ cache: 'no-store' });
});
