// X.509 certificates made on the spot, so that tests of TLS need no program and no file that expires (RFC 5280).
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

export interface Certificate {
  /** PEM. */
  readonly key: string;
  /** PEM. */
  readonly cert: string;
}

export interface CertificateAuthority {
  /** PEM of the authority's own certificate, to be trusted. */
  readonly cert: string;
  /** A certificate for a host name, valid around now unless told otherwise. */
  readonly issue: (host: string, validity?: Validity) => Certificate;
}

export interface Validity {
  readonly fromMs: number;
  readonly untilMs: number;
}

const HOUR_MS = 3_600_000;

export function certificateAuthority(name = 'Clarity Flags test authority'): CertificateAuthority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const now = (): Validity => ({ fromMs: Date.now() - HOUR_MS, untilMs: Date.now() + HOUR_MS });
  const isAuthority = extension('2.5.29.19', sequence(boolean(true)), true);
  return {
    cert: certificate({
      issuer: name,
      subject: name,
      publicKey: keys.publicKey,
      signedWith: keys.privateKey,
      validity: now(),
      extensions: [isAuthority],
    }),
    issue: (host, validity = now()) => {
      const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      // subjectAltName with one dNSName.
      const isFor = extension('2.5.29.17', sequence(der(0x82, Buffer.from(host, 'latin1'))), false);
      return {
        key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
        cert: certificate({
          issuer: name,
          subject: host,
          publicKey: own.publicKey,
          signedWith: keys.privateKey,
          validity,
          extensions: [isFor],
        }),
      };
    },
  };
}

interface Contents {
  readonly issuer: string;
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly signedWith: KeyObject;
  readonly validity: Validity;
  readonly extensions: readonly Buffer[];
}

function certificate({ issuer, subject, publicKey, signedWith, validity, extensions }: Contents): string {
  const ecdsaWithSha256 = sequence(objectId('1.2.840.10045.4.3.2'));
  const version3 = der(0xa0, der(0x02, Buffer.from([2])));
  const serial = der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)]));
  const toBeSigned = sequence(
    version3,
    serial,
    ecdsaWithSha256,
    commonName(issuer),
    sequence(time(validity.fromMs), time(validity.untilMs)),
    commonName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', toBeSigned, signedWith);
  const whole = sequence(toBeSigned, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function commonName(name: string): Buffer {
  return sequence(der(0x31, sequence(objectId('2.5.4.3'), der(0x0c, Buffer.from(name, 'utf8')))));
}

function extension(id: string, value: Buffer, critical: boolean): Buffer {
  return sequence(objectId(id), ...(critical ? [boolean(true)] : []), der(0x04, value));
}

/** UTCTime; enough until 2049. */
function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replaceAll(/\D/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`, 'latin1'));
}

function boolean(value: boolean): Buffer {
  return der(0x01, Buffer.from([value ? 0xff : 0]));
}

function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest.flatMap(base128)];
  return der(0x06, Buffer.from(bytes));
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts);
}

/** Tag, length, contents. */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const body = Buffer.concat(contents);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = Buffer.from(body.length.toString(16).padStart(body.length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body]);
}
