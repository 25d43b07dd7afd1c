import { createHash } from 'node:crypto';

/** The revision of a text: SHA-256 of its UTF-8 bytes, lower-case hex. */
export function contentHash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
