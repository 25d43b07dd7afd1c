// Row F27 of the fault list over real TLS.
import * as tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CertificateAuthority, certificateAuthority } from '../support/certificates.ts';
import { type HttpStore, startHttpStore } from '../support/http-store.ts';
import { flags, type FollowedClient, followAddress } from './followed-client.ts';

describe('an HTTPS source whose certificate is wrong', () => {
  const trusted = tls.getCACertificates('default');
  let authority: CertificateAuthority;
  let secure: HttpStore | undefined;
  let followed: FollowedClient | undefined;

  function follow(address: string): FollowedClient {
    followed = followAddress(address);
    return followed;
  }

  beforeEach(() => {
    authority = certificateAuthority();
    // The authority counts; so nothing but the fault itself can be what is refused.
    tls.setDefaultCACertificates([...trusted, authority.cert]);
  });

  afterEach(async () => {
    tls.setDefaultCACertificates([...trusted]);
    try {
      await followed?.finish();
    } finally {
      await secure?.stop();
    }
  });

  const HOUR_MS = 3_600_000;

  it.each([
    ['expired', 'localhost', { fromMs: Date.now() - 2 * HOUR_MS, untilMs: Date.now() - HOUR_MS }, 'CERT_HAS_EXPIRED'],
    [
      'not valid yet',
      'localhost',
      { fromMs: Date.now() + HOUR_MS, untilMs: Date.now() + 2 * HOUR_MS },
      'CERT_NOT_YET_VALID',
    ],
    ['for another host', 'other.invalid', undefined, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])(
    'F27 a certificate that is %s is refused, never downgraded, and fine once renewed',
    async (_what, host, validity, code) => {
      const bad = authority.issue(host, validity);
      secure = await startHttpStore({ tls: bad });
      secure.put(flags('enabled'));
      const { client, until } = follow(secure.url);
      await until('the first refresh failed', () => client.health().last_error !== null);
      expect(client.health().last_error).toMatchObject({
        reason: 'unavailable',
        message: expect.stringContaining(`certificate was refused (${code})`),
      });
      expect(client.isEnabled('checkout')).toBe(false);
      // No request got through in any form.
      expect(secure.requests).toEqual([]);

      secure.certify(authority.issue('localhost'));
      expect(await client.refresh({ force: true })).toMatchObject({ ok: true });
      expect(client.isEnabled('checkout')).toBe(true);
    },
  );

  it('F27 an authority that nobody trusts is refused', async () => {
    secure = await startHttpStore({ tls: certificateAuthority('Another authority').issue('localhost') });
    secure.put(flags('enabled'));
    const { client, until } = follow(secure.url);
    await until('the first refresh failed', () => client.health().last_error !== null);
    expect(client.health().last_error?.message).toMatch(/certificate was refused \(UNABLE_TO_/);
    expect(secure.requests).toEqual([]);
  });
});
