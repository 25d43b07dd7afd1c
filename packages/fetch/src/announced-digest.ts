/**
 * The SHA-256 that the server announces for the bytes it sends (RFC 9530), in lower-case hex; `undefined` when there is
 * none. It covers the bytes as sent, so it says nothing about a body that the runtime has decompressed.
 */
export function announcedDigest(headers: Headers): string | undefined {
  if (headers.has('content-encoding')) return undefined;
  const fields = headers.get('content-digest') ?? headers.get('repr-digest');
  const base64 = fields === null ? undefined : SHA_256.exec(fields.slice(0, 4096))?.[1];
  if (base64 === undefined) return undefined;
  return Array.from(atob(base64), (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}

/** 32 bytes in base64. */
const SHA_256 = /(?:^|[ ,])sha-256=:([A-Za-z0-9+/]{43}=):/;
