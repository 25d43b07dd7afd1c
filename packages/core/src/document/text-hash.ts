/**
 * SHA-256 of the text's UTF-8 bytes (or of these bytes), lower-case hex: the hash in a revision. By Web Crypto, on
 * every runtime.
 */
export async function textHash(content: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
