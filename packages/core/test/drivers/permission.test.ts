import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { isAllowed } from '../../src/drivers/permission.ts';

function inDeno(deno: object | undefined): void {
  vi.stubGlobal('Deno', deno);
  onTestFinished(() => void vi.unstubAllGlobals());
}

describe('what a runtime allows', () => {
  it.each([
    ['granted', true],
    ['prompt', false],
    ['denied', false],
  ])('is in Deno what is granted, and nobody is asked: %s', (state, allowed) => {
    const querySync = vi.fn<(descriptor: object) => object>(() => ({ state }));
    inDeno({ permissions: { querySync } });
    expect(isAllowed({ name: 'sys', kind: 'osUptime' })).toBe(allowed);
    expect(querySync).toHaveBeenCalledExactlyOnceWith({ name: 'sys', kind: 'osUptime' });
  });

  it.each([[undefined], [{}], [{ permissions: {} }]])('is everything where there is nobody to ask: %j', (deno) => {
    inDeno(deno);
    expect(isAllowed({ name: 'env' })).toBe(true);
  });
});
