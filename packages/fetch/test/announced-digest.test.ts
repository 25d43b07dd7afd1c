import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { announcedDigest } from '../src/announced-digest.ts';
import { fetchSource } from '../src/index.ts';

const never = new AbortController().signal;
const BODY = '{"schemaVersion":1,"flags":{"a":{"status":"enabled"}}}';
const hash = (algorithm: string, text = BODY) => createHash(algorithm).update(text);
const sha256 = `sha-256=:${hash('sha256').digest('base64')}:`;
const sha512 = `sha-512=:${hash('sha512').digest('base64')}:`;
const other = `sha-256=:${hash('sha256', 'other').digest('base64')}:`;

function read(headers: Record<string, string>) {
  const source = fetchSource({
    url: 'https://a.example/flags.json',
    fetch: async () => new Response(BODY, { headers: { 'content-type': 'application/json', ...headers } }),
  });
  return source.read(undefined, never);
}

describe('a digest that the server announces', () => {
  it.each<[string, Record<string, string>]>([
    ['of the content', { 'content-digest': sha256 }],
    ['of the representation', { 'repr-digest': sha256 }],
    ['beside that of another algorithm', { 'content-digest': `${sha512}, ${sha256}` }],
    ['before that of another algorithm', { 'content-digest': `${sha256},${sha512}` }],
    ['of both, of which the content counts', { 'content-digest': sha256, 'repr-digest': other }],
  ])('and is right, %s, leaves the document as it is', async (_, headers) => {
    expect(announcedDigest(new Headers(headers))).toBe(hash('sha256').digest('hex'));
    expect(await read(headers)).toMatchObject({ kind: 'document', text: BODY });
  });

  it.each<[string, Record<string, string>]>([
    ['of the content', { 'content-digest': other }],
    ['of the representation', { 'repr-digest': other }],
    ['of the content, though that of the representation is right', { 'content-digest': other, 'repr-digest': sha256 }],
  ])('F17 and is wrong, %s, refuses the answer', async (_, headers) => {
    await expect(read(headers)).rejects.toMatchObject({ reason: 'invalid', notADocument: true, retryable: true });
  });

  it.each<[string, Record<string, string>]>([
    ['there is none', {}],
    ['it is by another algorithm', { 'content-digest': sha512 }],
    ['it is not base64 of 32 bytes', { 'content-digest': 'sha-256=:AAAA:' }],
    ['it belongs to another name', { 'content-digest': `x${other}` }],
    ['it covers bytes that the runtime has undone', { 'content-digest': other, 'content-encoding': 'gzip' }],
  ])('says nothing when %s', async (_, headers) => {
    expect(announcedDigest(new Headers(headers))).toBeUndefined();
    expect(await read(headers)).toMatchObject({ kind: 'document', text: BODY });
  });
});
