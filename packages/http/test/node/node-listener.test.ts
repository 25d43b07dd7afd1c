import { describe, expect, it } from 'vitest';
import { createFlagHandler } from '../../src/index.ts';
import { clientIn } from '../client-in-state.ts';
import { raw, serve } from './served-handler.ts';

describe('the flag handler behind the listener', () => {
  it.each([
    '/feature-flags/health%',
    '/feature-flags/%zz/health',
    '/feature-flags%2fhealth',
    '//feature-flags/health',
    '/feature-flags//health',
    '/feature-flags/\xff',
    '/feature-flags/..;/health',
    '/x/..%2ffeature-flags/health',
  ])('finds nothing at %j, as it was typed', async (target) => {
    const { port } = await serve(createFlagHandler({ client: await clientIn('fresh') }));
    const answer = await raw(port, `GET ${target} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
  });

  it('that nobody reads does not spoil the connection for the next request', async () => {
    const { port } = await serve(createFlagHandler({ client: await clientIn('fresh') }));
    const answer = await raw(
      port,
      'POST /feature-flags/health HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nfives' +
        'GET /feature-flags/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    );
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 405', 'HTTP/1.1 200']);
  });

  it('answers HEAD with the length that GET has, and no body', async () => {
    const { url } = await serve(createFlagHandler({ client: await clientIn('fresh') }));
    const get = await fetch(`${url}/feature-flags/live`);
    const length = (await get.arrayBuffer()).byteLength;
    const head = await fetch(`${url}/feature-flags/live`, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.headers.get('content-length')).toBe(String(length));
    expect(await head.text()).toBe('');
  });

  it('lets no header value begin another header', async () => {
    const { port } = await serve(createFlagHandler({ client: await clientIn('fresh') }));
    const answer = await raw(
      port,
      'GET /feature-flags/health%0d%0aX-Injected:%201 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer.toLowerCase()).not.toContain('x-injected');
  });
});
