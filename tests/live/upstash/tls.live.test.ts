// F27: a certificate that is not accepted is a failure, and nothing secret is sent to the server that shows it.
import { isStoreError, type StoreError } from '@clarity/flags-core/ports';
import { ssmSource } from '@clarity/flags-ssm';
import { upstashFeed, upstashSource } from '@clarity/flags-upstash';
import * as edge from '@clarity/flags-upstash/cloudflare';
import { recordingListener } from '@clarity/flags-testing';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Certificate, certificateAuthority } from '../support/certificates.ts';

const TOKEN = 'AX-token-hunter2';
const HOUR_MS = 3_600_000;
const never = new AbortController().signal;
const authority = certificateAuthority();
const trusted = getCACertificates('default');

beforeAll(() => setDefaultCACertificates([...trusted, authority.cert]));
afterAll(() => setDefaultCACertificates(trusted));

const EXPIRED = authority.issue('localhost', { fromMs: Date.now() - 2 * HOUR_MS, untilMs: Date.now() - HOUR_MS });
const OTHER_HOST = authority.issue('elsewhere.example');
const UNKNOWN_AUTHORITY = certificateAuthority('Nobody knows it').issue('localhost');

/** A server with this certificate, and the requests that got through to it. */
async function serverWith(certificate: Certificate) {
  const requests: unknown[] = [];
  const server = createServer(certificate, (request, response) => {
    requests.push(request.headers);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"result":[null,null,null,null,null,null]}');
  });
  server.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `https://localhost:${(server.address() as AddressInfo).port}`, requests };
}

const ADAPTERS: readonly (readonly [string, (url: string) => Promise<unknown>])[] = [
  ['Upstash', (url) => upstashSource({ url, token: TOKEN }).read(undefined, never)],
  ['Upstash at the edge', (url) => edge.upstashSource({ url, token: TOKEN }).read(undefined, never)],
  ['the stream of Upstash', (url) => upstashFeed({ url, token: TOKEN }).subscribe(recordingListener(), never)],
  [
    'SSM',
    async (endpoint) => {
      const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: TOKEN };
      const source = ssmSource({ layout: 'single', path: '/flags', endpoint, region: 'us-east-1', credentials });
      try {
        return await source.read(undefined, never);
      } finally {
        await source.close();
      }
    },
  ],
];

describe.each(ADAPTERS)('F27 %s', (_name, attempt) => {
  it.each([
    ['an expired certificate', EXPIRED, 'CERT_HAS_EXPIRED'],
    ['a certificate for another host', OTHER_HOST, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['a certificate of an unknown authority', UNKNOWN_AUTHORITY, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ])('is refused by %s, and nothing is sent', async (_case, certificate, code) => {
    const { url, requests } = await serverWith(certificate);
    const error = await failure(attempt(url));
    expect(error).toMatchObject({
      reason: 'unavailable',
      message: expect.stringContaining(`(${code}); its TLS certificate`),
    });
    expect(error.message).not.toContain(TOKEN);
    expect(requests).toEqual([]);
  });

  it('goes through with a certificate that is accepted', async () => {
    const { url, requests } = await serverWith(authority.issue('localhost'));
    await failure(attempt(url));
    expect(requests).toHaveLength(1);
  });
});

async function failure(attempt: Promise<unknown>): Promise<StoreError> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isStoreError(error)) throw new Error(`no StoreError: ${String(error)}`);
  return error;
}
