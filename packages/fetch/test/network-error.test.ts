import { describe, expect, it } from 'vitest';
import { networkError } from '../src/network-error.ts';

/** What each runtime rejects with, as seen there. */
const failed = (cause?: unknown): TypeError => new TypeError('fetch failed', cause === undefined ? {} : { cause });
const coded = (code: string): Error => Object.assign(new Error(`${code} https://a.example/x?token=hunter2`), { code });
const SENDING = 'error sending request for url (https://a.example/tls/certificate?token=hunter2): client error';

describe('a rejection of fetch', () => {
  it.each([
    ['Node', failed(coded('ENOTFOUND')), /host name was not found \(ENOTFOUND\)/, true],
    ['Node', failed(coded('EAI_AGAIN')), /host name was not found \(EAI_AGAIN\)/, true],
    ['Node', failed(coded('ECONNREFUSED')), /refused \(ECONNREFUSED\)/, true],
    [
      'Node',
      failed(new AggregateError([coded('ECONNREFUSED'), coded('EHOSTUNREACH')], '')),
      /refused \(ECONNREFUSED\)/,
      true,
    ],
    ['Node', failed(coded('UND_ERR_SOCKET')), /broke off \(UND_ERR_SOCKET\)/, true],
    ['Node', failed(coded('UND_ERR_CONNECT_TIMEOUT')), /did not answer \(UND_ERR_CONNECT_TIMEOUT\)/, true],
    ['Node', failed(coded('CERT_HAS_EXPIRED')), /certificate was refused \(CERT_HAS_EXPIRED\)/, false],
    ['Node', failed(coded('ERR_TLS_CERT_ALTNAME_INVALID')), /certificate was refused/, false],
    ['Node', failed(coded('UNABLE_TO_VERIFY_LEAF_SIGNATURE')), /certificate was refused/, false],
    ['Node', failed(coded('ERR_SSL_WRONG_VERSION_NUMBER')), /no TLS connection/, true],
    ['Node', failed(coded('HPE_INVALID_CONSTANT')), /not HTTP \(HPE_INVALID_CONSTANT\)/, true],
    ['Node', failed(new Error('Response does not match the HTTP/1.1 protocol (Expected HTTP/)')), /not HTTP/, true],
    ['Node', failed(new Error('bad port')), /its port/, false],
    ['Bun', coded('ConnectionRefused'), /refused/, true],
    ['Bun', coded('EPROTO'), /no TLS connection/, true],
    [
      'Deno',
      failed(new Error(`${SENDING} (Connect): dns error: failed to lookup address information`)),
      /host name was not found;/,
      true,
    ],
    [
      'Deno',
      failed(new Error(`${SENDING} (Connect): tcp connect error: Connection refused (os error 111)`)),
      /refused;/,
      true,
    ],
    [
      'Deno',
      failed(new Error(`${SENDING} (Connect): invalid peer certificate: Expired`)),
      /certificate was refused;/,
      false,
    ],
    [
      'Deno',
      failed(new Error(`${SENDING} (Connect): received corrupt message of type InvalidContentType`)),
      /no TLS connection/,
      true,
    ],
    ['Deno', failed(new Error(`${SENDING} (SendRequest): invalid HTTP version parsed`)), /not HTTP/, true],
    [
      'Deno',
      new Error('Requires net access to "a.example:443", run again with the --allow-net flag'),
      /Deno was not allowed to; start it with --allow-net/,
      false,
    ],
    ['workerd', new Error('Network connection lost.'), /broke off/, true],
    ['workerd', new Error('internal error; reference = 025nvjiiqhg80'), /the request failed;/, true],
    ['whoever', 'hunter2', /the request failed;/, true],
    ['whoever', undefined, /the request failed;/, true],
    ['whoever', Object.assign(new Error('x'), { code: 'token=hunter2' }), /the request failed;/, true],
  ])('of %s: %s', (_runtime, error, message, retryable) => {
    const told = networkError(error, 'https://a.example/x');
    expect(told.message).toMatch(/^cannot read https:\/\/a\.example\/x: /);
    expect(told.message).toMatch(message);
    expect(told.retryable).toBe(retryable);
    expect(told.message).not.toContain('hunter2');
    expect(told.cause).toBeUndefined();
  });

  it('that is its own cause ends the search', () => {
    const error = new Error('round and round');
    error.cause = error;
    expect(networkError(error, 'store')).toMatchObject({ reason: 'unavailable' });
  });
});
