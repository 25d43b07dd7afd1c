/** Compression by web streams, so that it runs wherever the SDK does. */

export async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const { output, written } = pass(bytes, new CompressionStream('gzip'));
  const [compressed] = await Promise.all([collect(output, Number.POSITIVE_INFINITY), written]);
  if (compressed === 'too-large') throw new Error('unreachable: there is no limit');
  return compressed;
}

export type Inflated =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'corrupt' };

/** At most `maxBytes` are ever held: a compression bomb stops there (F20). */
export async function inflate(bytes: Uint8Array<ArrayBuffer>, maxBytes: number): Promise<Inflated> {
  const { output, written } = pass(bytes, new DecompressionStream('gzip'));
  written.catch(() => undefined);
  try {
    const inflated = await collect(output, maxBytes);
    return inflated === 'too-large' ? { kind: 'too-large' } : { kind: 'bytes', bytes: inflated };
  } catch {
    return { kind: 'corrupt' };
  }
}

/** What either of the two streams is; their own types differ between runtimes. */
interface Transform {
  readonly readable: ReadableStream;
  readonly writable: WritableStream;
}

function pass(
  bytes: Uint8Array<ArrayBuffer>,
  stream: Transform,
): { output: ReadableStreamDefaultReader; written: Promise<unknown> } {
  const writer = stream.writable.getWriter();
  const written = Promise.all([writer.write(bytes), writer.close()]);
  return { output: stream.readable.getReader(), written };
}

async function collect(
  output: ReadableStreamDefaultReader,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | 'too-large'> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = (await output.read()) as { done: boolean; value?: Uint8Array };
    if (done || value === undefined) break;
    length += value.length;
    if (length > maxBytes) {
      await output.cancel().catch(() => undefined);
      return 'too-large';
    }
    parts.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
