import { describe, expect, it } from 'vitest';
import { createFlagHandler } from '../../src/index.ts';
import { clientIn } from '../client-in-state.ts';

async function ask(path: string, options: object = {}, init?: RequestInit): Promise<Response> {
  const handler = createFlagHandler({ client: await clientIn('fresh'), page: true, ...options });
  return handler(new Request(`http://flags.test${path}`, init));
}

describe('the live page', () => {
  it('is there only when asked for', async () => {
    const handler = createFlagHandler({ client: await clientIn('fresh') });
    expect((await handler(new Request('http://flags.test/feature-flags/'))).status).toBe(404);
    expect((await ask('/feature-flags/')).status).toBe(200);
  });

  it('allows its own two inline blocks and its own server, by a nonce that is never the same', async () => {
    const nonces = new Set<string>();
    for (const _ of [1, 2, 3]) {
      const response = await ask('/feature-flags/');
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      const policy = response.headers.get('content-security-policy') ?? '';
      const html = await response.text();
      const [, nonce = ''] = /script-src 'nonce-([^']+)'/.exec(policy) ?? [];
      expect(nonce).toMatch(/^[\w+/]{24}$/);
      nonces.add(nonce);
      expect(html.split(`nonce="${nonce}"`)).toHaveLength(3);
      expect(html.match(/<(?:script|style)\b/g)).toHaveLength(2);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("connect-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
    }
    expect(nonces.size).toBe(3);
  });

  it('names no other server', async () => {
    const html = await (await ask('/feature-flags/')).text();
    // The nonce is random, and now and then has two slashes.
    expect(html.replaceAll(/ nonce="[\w+/=]+"/g, '')).not.toMatch(/https?:|\/\/[a-z]/i);
  });

  it('holds nothing of the application, and so asks nobody', async () => {
    const response = await ask('/feature-flags/', { authorize: () => false });
    expect(response.status).toBe(200);
    expect(await response.text()).not.toContain('new_checkout');
  });

  it.each([
    ['/feature-flags', {}],
    ['/feature-flags/', {}],
    ['/feature-flags', { trailingSlash: true }],
    ['/ops/flags', { prefix: '/ops/flags' }],
    ['/ops/flags/', { prefix: '/ops/flags' }],
    ['/', { prefix: '' }],
  ])('F68 is at %s with %j, and redirects nobody: a host may add or strip the slash', async (path, options) => {
    const response = await ask(path, options);
    expect(response.status).toBe(200);
    expect(response.headers.get('location')).toBeNull();
  });

  it('F68 has no link, which would lead astray below a path that the server does not know of', async () => {
    const html = await (await ask('/feature-flags')).text();
    expect(html.replace('href="data:,"', '')).not.toMatch(/\b(?:href|src|action)=/);
  });

  it('answers HEAD with the length of GET', async () => {
    const head = await ask('/feature-flags/', {}, { method: 'HEAD' });
    const get = await ask('/feature-flags/');
    expect(head.body).toBeNull();
    expect(head.headers.get('content-length')).toBe(String((await get.arrayBuffer()).byteLength));
  });
});
