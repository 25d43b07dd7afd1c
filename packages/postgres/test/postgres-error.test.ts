import { DatabaseError } from 'pg';
import { describe, expect, it } from 'vitest';
import { isReply, postgresError } from '../src/postgres-error.ts';

const SECRET = 'hunter2';

function reply(code: string, severity = 'ERROR'): DatabaseError {
  const error = new DatabaseError(`password of ${SECRET}`, 10, 'error');
  return Object.assign(error, { code, severity, detail: SECRET, where: SECRET });
}

describe('what the server says', () => {
  it.each([
    ['28P01', 'unauthorized', false],
    ['28000', 'unauthorized', false],
    ['42501', 'unauthorized', false],
    ['3D000', 'invalid', false],
    ['42P01', 'not-found', false],
    ['3F000', 'not-found', false],
    ['42703', 'invalid', false],
    ['25006', 'unavailable', true],
    ['53300', 'throttled', true],
    ['53100', 'unavailable', true],
    ['54000', 'too-large', false],
    ['57P01', 'unavailable', true],
    ['57P03', 'unavailable', true],
    ['57014', 'timeout', true],
    ['40001', 'unavailable', true],
    ['08P01', 'unavailable', true],
    ['22P05', 'invalid', false],
    ['XX000', 'unavailable', true],
  ])('%s is %s', (code, reason, retryable) => {
    const error = postgresError(reply(code), 'read flags');
    expect(error).toMatchObject({ reason, retryable });
    expect(error.message).toMatch(new RegExp(`^cannot read flags: .*${code}.*; `));
    expect(JSON.stringify([error, error.message, error.stack, error.cause])).not.toContain(SECRET);
  });

  it('leaves the connection sound unless it was its end', () => {
    expect(isReply(reply('42P01'))).toBe(true);
    expect(isReply(reply('57P01', 'FATAL'))).toBe(false);
    expect(isReply(new Error('Connection terminated unexpectedly'))).toBe(false);
  });
});

describe('what the client and the system say', () => {
  it.each([
    [Object.assign(new Error(SECRET), { code: 'ECONNREFUSED' }), 'unavailable', /nothing accepts connections/],
    [Object.assign(new Error(SECRET), { code: 'ENOTFOUND' }), 'unavailable', /cannot be resolved/],
    [Object.assign(new Error(SECRET), { code: 'CERT_HAS_EXPIRED' }), 'unavailable', /TLS certificate/],
    [Object.assign(new Error(SECRET), { code: 'ERR_OSSL_PEM_NO_START_LINE' }), 'unavailable', /the option tls/],
    [new Error('The server does not support SSL connections'), 'unavailable', /speaks no TLS/],
    [
      new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a non-empty string'),
      'unauthorized',
      /asks for a password/,
    ],
    [new Error('Connection terminated unexpectedly'), 'unavailable', /connection was lost/],
    [new Error('Cannot use a pool after calling end on the pool'), 'unavailable', /pool that was handed in is closed/],
    [
      new AggregateError([Object.assign(new Error(SECRET), { code: 'ECONNREFUSED' })]),
      'unavailable',
      /nothing accepts/,
    ],
    [new Error(SECRET), 'unavailable', /answered Error; look at the server's log/],
    [SECRET, 'unavailable', /answered string/],
  ])('%# is told by its reason', (thrown, reason, message) => {
    const error = postgresError(thrown, 'read flags');
    expect(error.reason).toBe(reason);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain(SECRET);
  });
});
