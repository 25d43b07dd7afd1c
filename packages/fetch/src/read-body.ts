import { StoreError } from '@clarity/flags-core/ports';
import { parseSeconds as parseCount } from './http-date.ts';
import { failureCode } from './network-error.ts';

/**
 * The whole body, after decompression. Reading stops at the first byte too many, so a body that inflates without end
 * costs no more memory than a large one.
 *
 * @throws StoreError `too-large`; `invalid` with `notADocument` for a body that broke off
 */
export async function readBody(
  response: Response,
  name: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const encoding = response.headers.get('content-encoding') ?? 'identity';
  const announced = parseCount(response.headers.get('content-length'));
  if (announced !== undefined && announced > maxBytes) throw tooLarge(name, `${announced} bytes`, maxBytes);
  const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined;
  // A body that does not heed the signal would be read on for nobody.
  signal.addEventListener('abort', () => void reader?.cancel().catch(() => undefined), { once: true });
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    while (reader !== undefined) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) break;
      length += value.byteLength;
      if (length > maxBytes) throw tooLarge(name, `more than ${maxBytes} bytes`, maxBytes);
      pieces.push(value);
    }
  } catch (error) {
    reader?.cancel().catch(() => undefined);
    if (signal.aborted || error instanceof StoreError) throw error;
    throw cut(name, `after ${length} bytes (${failureCode(error) ?? 'the connection ended'})`);
  }
  // Not every runtime notices that the connection ended too early.
  if (announced !== undefined && length < announced && encoding.toLowerCase() === 'identity') {
    throw cut(name, `after ${length} of ${announced} bytes`);
  }
  return joined(pieces, length);
}

function tooLarge(name: string, found: string, maxBytes: number): StoreError {
  return new StoreError(
    'too-large',
    `${name} has ${found} and at most ${maxBytes} are allowed; remove flags, or raise maxBytes`,
  );
}

function cut(name: string, where: string): StoreError {
  return new StoreError(
    'invalid',
    `cannot read ${name}: the body broke off ${where}; look at the server if this repeats`,
    {
      notADocument: true,
      retryable: true,
    },
  );
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}
